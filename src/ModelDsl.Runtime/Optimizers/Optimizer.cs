using System.Runtime.CompilerServices;
using ModelDsl.Devices;

namespace ModelDsl;

/// <summary>
/// Changes a model's parameters by their gradients: one pass over flat buffers. Values follow PyTorch's optimizers of the same names. An
/// optimizer may serve several models; it keeps the state of each.
/// </summary>
public abstract class Optimizer
{
    private readonly ConditionalWeakTable<object, UpdatePass> passes = [];
    private double learningRate;
    private double clipNorm = double.PositiveInfinity;
    private double clipValue = double.PositiveInfinity;

    /// <summary>Creates an optimizer.</summary>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="weightDecay">The weight decay of parameters whose layers do not set their own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative or not finite.</exception>
    protected Optimizer(double learningRate, double weightDecay)
    {
        LearningRate = learningRate;
        WeightDecay = CheckFraction(weightDecay, nameof(weightDecay), double.MaxValue);
    }

    /// <summary>The learning rate; may change between updates.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double LearningRate
    {
        get => learningRate;
        set => learningRate = CheckFraction(value, nameof(value), double.MaxValue);
    }

    /// <summary>The weight decay of parameters whose layers do not set their own.</summary>
    public double WeightDecay { get; }

    /// <summary>
    /// The greatest Euclidean norm of all gradients together: greater ones are scaled down. Infinity, the default, for any.
    /// </summary>
    /// <remarks>As <c>torch.nn.utils.clip_grad_norm_</c>: the factor is min(1, ClipNorm / (norm + 1e-6)).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public double ClipNorm
    {
        get => clipNorm;
        set => clipNorm = CheckPositive(value, nameof(value));
    }

    /// <summary>
    /// The greatest magnitude of a single gradient: greater ones are cut off, after <see cref="ClipNorm"/>. Infinity, the default, for any.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public double ClipValue
    {
        get => clipValue;
        set => clipValue = CheckPositive(value, nameof(value));
    }

    /// <summary>Updates all trainable parameters of a model by the gradients of its last backward pass.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidOperationException">The model has no gradients yet, or another thread is training it.</exception>
    public void Update(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Update(model, model, "");
    }

    /// <summary>
    /// Updates one part of a model by the gradients of the last training step of its loss. All other parameters stay bit for bit as they are, and
    /// <see cref="ClipNorm"/> is about the part's gradients alone.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <exception cref="InvalidOperationException">The part has no gradients yet, or another thread is training the model.</exception>
    public void Update(ModelPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        Update(part.Model, part, part.Name);
    }

    /// <summary>Prepares the pass over a model and its state buffers.</summary>
    /// <param name="device">The model on its device.</param>
    /// <param name="segments">The trainable parameters to update, divided by weight decay.</param>
    protected abstract UpdatePass CreatePass(DeviceModel device, UpdateSegment[] segments);

    /// <summary>Runs the pass; its <see cref="UpdatePass.Updates"/> counts this one already.</summary>
    /// <param name="pass">What <see cref="CreatePass"/> made.</param>
    /// <param name="clip">What is done to gradients first.</param>
    protected abstract void Run(UpdatePass pass, GradientClip clip);

    private protected static double CheckFraction(double value, string name, double bound)
    {
        if (!(value >= 0 && value < bound))
        {
            throw new ArgumentOutOfRangeException(
                name, value, bound == double.MaxValue ? "It must be a finite number of at least 0." : $"It must be at least 0 and less than {bound}.");
        }

        return value;
    }

    /// <summary>Pads, whose gradients are 0, would turn into NaN with an epsilon of 0.</summary>
    private protected static double CheckEpsilon(double value, string name) =>
        value is >= 1e-30 and < double.MaxValue ? value : throw new ArgumentOutOfRangeException(name, value, "It must be a finite number of at least 1e-30.");

    private void Update(Model model, object owner, string part)
    {
        using var access = model.BeginUpdate(out var device, part);
        if (!passes.TryGetValue(owner, out var pass))
        {
            var segments = Segments(model, part);
            pass = CreatePass(device, segments);
            if (segments.Length > 0)
                (pass.Start, pass.Length) = (segments[0].Start, segments[^1].Start + segments[^1].Length - segments[0].Start);
            passes.Add(owner, pass);
        }

        pass.Updates++;
        Run(pass, Clip(device, pass));
    }

    private static double CheckPositive(double value, string name) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "It must be positive; infinity for no limit.");

    private GradientClip Clip(DeviceModel device, UpdatePass pass)
    {
        var scale = double.IsPositiveInfinity(clipNorm) ? 1.0 : clipNorm / (device.GradientNorm(pass.Start, pass.Length) + 1e-6);

        // Written so that a norm of NaN goes on to the parameters: a failure that is seen.
        return new GradientClip(scale > 1.0 ? 1f : (float)scale, (float)clipValue);
    }

    /// <summary>Runs of parameters with one weight decay, together all trainable ones of the part, which lie next to one another.</summary>
    private UpdateSegment[] Segments(Model model, string part)
    {
        var segments = new List<UpdateSegment>();
        foreach (var parameter in model.Description.Parameters)
        {
            if (!parameter.Trainable || !ModelPart.Contains(part, parameter.Name))
                continue;
            var decay = double.IsNaN(parameter.WeightDecay) ? WeightDecay : parameter.WeightDecay;
            var end = parameter.Offset + parameter.Layout.Floats;
            if (segments is [.., var last] && last.WeightDecay == decay)
                segments[^1] = last with { Length = end - last.Start };
            else
                segments.Add(new UpdateSegment(parameter.Offset, parameter.Layout.Floats, decay));
        }

        return [.. segments];
    }
}
