using ModelDsl.Optimizers;
using ModelDsl.Training;

namespace ModelDsl.Devices;

/// <summary>A contiguous range of trainable parameters with the same weight decay.</summary>
/// <param name="Start">The index of the first float, a multiple of 16.</param>
/// <param name="Length">The number of floats, a multiple of 16.</param>
/// <param name="WeightDecay">The weight decay.</param>
public readonly record struct UpdateSegment(int Start, int Length, double WeightDecay)
{
    /// <summary>The index of the parameter of which only some rows are updated: those that the last backward pass has written. −1 if all elements are updated.</summary>
    public int SparseParameter { get; init; } = -1;

    /// <summary>The index of the first parameter of the segment in the description of the model.</summary>
    internal int FirstParameter { get; init; }
}

/// <summary>The state of an optimizer for one model: its state buffers and the number of updates.</summary>
public abstract class UpdatePass
{
    /// <summary>The state buffers, each as long as the range of parameters that are updated.</summary>
    public abstract IReadOnlyList<DeviceBuffer> States { get; }

    /// <summary>The number of updates of the parameters in <see cref="Segments"/>, including the current one.</summary>
    public int Updates { get; set; }

    /// <summary>
    /// The segments that the next run updates. The optimizer sets them before each run: it leaves out frozen parameters, and an update has one run for each learning rate. A segment is one of those that
    /// the pass was created with, or a part of it.
    /// </summary>
    public IReadOnlyList<UpdateSegment> Segments { get; set; } = [];

    /// <summary>The parameters of the pass by learning rates.</summary>
    internal UpdateGroups? Groups { get; set; }

    /// <summary>The batch and the learning rate of the last run of a group that has used the pass; null if there was none.</summary>
    internal TrainedBatch? LastBatch { get; set; }

    /// <summary>The index of the first parameter that is updated.</summary>
    internal int Start { get; set; }

    /// <summary>Adds state that is not in <see cref="States"/> to a checkpoint.</summary>
    internal virtual void Save(CheckpointWriter writer)
    {
    }

    /// <summary>Restores what <see cref="Save"/> has added.</summary>
    internal virtual void Restore(CheckpointReader reader)
    {
    }
}

/// <summary>An optimizer's pass over a model's flat buffers on a device.</summary>
/// <typeparam name="TRule">The update rule for one element.</typeparam>
public abstract class UpdatePass<TRule> : UpdatePass
    where TRule : struct, IUpdateRule
{
    /// <summary>Updates every element of the segments once.</summary>
    /// <param name="rule">The rule with the scalars of this update.</param>
    /// <param name="clip">The operation on gradients before the update.</param>
    public abstract void Run(in TRule rule, GradientClip clip);
}

/// <summary>The operation on each gradient before an update: <c>clamp(gradient · Scale, −Limit, Limit)</c>; NaN stays NaN.</summary>
/// <param name="Scale">The factor; 1 for none.</param>
/// <param name="Limit">The bound; infinity for none.</param>
public readonly record struct GradientClip(float Scale, float Limit)
{
    /// <summary>Leaves gradients unchanged.</summary>
    public static GradientClip None => new(1f, float.PositiveInfinity);
}

/// <summary>
/// The update of one element by an optimizer. It is written once, over lanes, and runs on every device and at every vector width. It uses only operations that
/// IEEE 754 rounds exactly, so the bits are the same everywhere.
/// </summary>
/// <remarks>
/// Devices copy a rule byte by byte, so its fields must be numbers, not references or Booleans. A decaying state is kept
/// <see cref="ILanes{TSelf}.Normal"/>: when gradients become 0, it would otherwise shrink to subnormal numbers and stay there, and processors take several
/// times as long for these.
/// </remarks>
public interface IUpdateRule
{
    /// <summary>Returns the scalar that represents a segment's weight decay in <see cref="Apply{TLanes}"/>.</summary>
    /// <param name="weightDecay">The weight decay.</param>
    float Decay(double weightDecay);

    /// <summary>Updates an element.</summary>
    /// <typeparam name="TLanes">The lanes: a vector of elements or a single one.</typeparam>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient, clipped.</param>
    /// <param name="decay">The result of <see cref="Decay"/> for the element's segment.</param>
    /// <param name="first">The first state; undefined when the pass has none.</param>
    /// <param name="second">The second state; undefined when the pass has fewer than two.</param>
    /// <param name="third">The third state; undefined when the pass has fewer than three.</param>
    void Apply<TLanes>(ref TLanes parameter, TLanes gradient, TLanes decay, ref TLanes first, ref TLanes second, ref TLanes third)
        where TLanes : struct, ILanes<TLanes>;
}
