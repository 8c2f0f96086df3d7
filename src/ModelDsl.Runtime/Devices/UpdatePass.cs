namespace ModelDsl.Devices;

/// <summary>Trainable parameters next to one another with one weight decay.</summary>
/// <param name="Start">The first float, a multiple of 16.</param>
/// <param name="Length">Number of floats, a multiple of 16.</param>
/// <param name="WeightDecay">The weight decay.</param>
public readonly record struct UpdateSegment(int Start, int Length, double WeightDecay);

/// <summary>What an optimizer keeps per model: its state buffers and the number of updates so far.</summary>
public abstract class UpdatePass
{
    /// <summary>The state buffers, each as long as the parameters that are updated.</summary>
    public abstract IReadOnlyList<DeviceBuffer> States { get; }

    /// <summary>The number of updates so far, the running one included.</summary>
    public int Updates { get; set; }

    /// <summary>Where the run of parameters begins that is updated.</summary>
    internal int Start { get; set; }

    /// <summary>How long the run is.</summary>
    internal int Length { get; set; }
}

/// <summary>An optimizer's pass over a model's flat buffers on a device.</summary>
/// <typeparam name="TRule">What happens to one element.</typeparam>
public abstract class UpdatePass<TRule> : UpdatePass
    where TRule : struct, IUpdateRule
{
    /// <summary>Updates every element of the pass's segments once.</summary>
    /// <param name="rule">The rule with this update's scalars.</param>
    /// <param name="clip">What is done to gradients first.</param>
    public abstract void Run(in TRule rule, GradientClip clip);
}

/// <summary>What is done to each gradient before an update: <c>clamp(gradient · Scale, −Limit, Limit)</c>; NaN stays NaN.</summary>
/// <param name="Scale">The factor; 1 for none.</param>
/// <param name="Limit">The bound; infinity for none.</param>
public readonly record struct GradientClip(float Scale, float Limit)
{
    /// <summary>Gradients are used as they are.</summary>
    public static GradientClip None => new(1f, float.PositiveInfinity);
}

/// <summary>
/// What an optimizer does to one element: written once, over lanes, and run by every device and at every vector width. Only operations that
/// IEEE 754 rounds exactly are there, so the bits are the same everywhere.
/// </summary>
/// <remarks>
/// Devices take a rule over byte by byte: its fields are numbers, neither references nor truth values. A state that forgets is kept
/// <see cref="ILanes{TSelf}.Normal"/>: where gradients have become 0 it would shrink to subnormal numbers and stay there, with which processors
/// take several times as long.
/// </remarks>
public interface IUpdateRule
{
    /// <summary>The scalar that stands for a segment's weight decay in <see cref="Apply{TLanes}"/>.</summary>
    /// <param name="weightDecay">The weight decay.</param>
    float Decay(double weightDecay);

    /// <summary>Updates an element.</summary>
    /// <typeparam name="TLanes">The lanes: a vector of elements or a single one.</typeparam>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient, clipped.</param>
    /// <param name="decay">What <see cref="Decay"/> gave for the element's segment.</param>
    /// <param name="first">The first state; meaningless when the pass has none.</param>
    /// <param name="second">The second state, likewise.</param>
    /// <param name="third">The third state, likewise.</param>
    void Apply<TLanes>(ref TLanes parameter, TLanes gradient, TLanes decay, ref TLanes first, ref TLanes second, ref TLanes third)
        where TLanes : struct, ILanes<TLanes>;
}
