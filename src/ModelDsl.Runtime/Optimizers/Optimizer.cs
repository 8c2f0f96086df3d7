using System.Runtime.CompilerServices;
using ModelDsl.Devices;
using ModelDsl.Optimizers;

namespace ModelDsl;

/// <summary>
/// Updates a model's parameters by their gradients, in one pass over flat buffers. The results are those of PyTorch's optimizers of the same names. An
/// optimizer can be used for several models; it keeps a separate state for each.
/// </summary>
public abstract partial class Optimizer
{
    /// <summary>The greatest valid rate. Greater rates are mistakes: Adam changes every weight by about its rate in each update.</summary>
    internal const double GreatestRate = 1000;

    private readonly ConditionalWeakTable<object, UpdatePass> passes = [];
    private double learningRate;
    private double clipNorm = double.PositiveInfinity;
    private double clipValue = double.PositiveInfinity;

    /// <summary>Creates an optimizer.</summary>
    /// <param name="learningRate">The learning rate, from 0 to 1,000.</param>
    /// <param name="weightDecay">The weight decay of parameters whose layers do not set their own, from 0 to 1,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    protected Optimizer(double learningRate, double weightDecay)
    {
        this.learningRate = ArgumentCheck.Within(learningRate, 0, GreatestRate, nameof(learningRate));
        WeightDecay = ArgumentCheck.Within(weightDecay, 0, GreatestRate, nameof(weightDecay));
    }

    /// <summary>The learning rate, from 0 to 1,000. It can be changed between updates.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double LearningRate
    {
        get => learningRate;
        set => learningRate = ArgumentCheck.Within(value, 0, GreatestRate);
    }

    /// <summary>The weight decay of parameters whose layers do not set their own.</summary>
    public double WeightDecay { get; }

    /// <summary>
    /// The maximum Euclidean norm of all gradients together; larger gradients are scaled down to it. The default is infinity, which means no limit.
    /// </summary>
    /// <remarks>
    /// Equivalent to <c>torch.nn.utils.clip_grad_norm_</c> with <c>error_if_nonfinite</c>: the factor is min(1, ClipNorm / (norm + 1e-6)). If the norm is infinite or NaN, the
    /// update throws a <see cref="NonFiniteGradientException"/> and changes nothing. <see cref="double.MaxValue"/> checks gradients without scaling them. Without a
    /// limit nothing is checked, because computing the norm takes a pass over the gradients.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public double ClipNorm
    {
        get => clipNorm;
        set => clipNorm = Limit(value);
    }

    /// <summary>
    /// The maximum magnitude of a single gradient; larger ones are clipped, after <see cref="ClipNorm"/>. The default is infinity, which means no limit. NaN stays NaN.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public double ClipValue
    {
        get => clipValue;
        set => clipValue = Limit(value);
    }

    /// <summary>The noise that each update adds to the gradients; null, the default, for none.</summary>
    public GradientNoise? GradientNoise { get; set; }

    /// <summary>Updates all trainable parameters of a model by the gradients of its last backward pass.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidOperationException">
    /// The model has no gradients yet, or another thread is training it; a pattern of <see cref="Scale"/> or <see cref="Freeze"/> matches no parameter; or the state is divided among ranks (<see cref="Sharding"/>), and
    /// <see cref="Trainer.Fit"/> does not run.
    /// </exception>
    /// <exception cref="NonFiniteGradientException">With <see cref="ClipNorm"/>, the norm of the gradients is infinite or NaN; nothing was changed.</exception>
    public void Update(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Update(model, model, "");
    }

    /// <summary>
    /// Updates one part of a model by the gradients of the last training step of its loss. All other parameters keep exactly their bits, and
    /// <see cref="ClipNorm"/> applies to the norm of the part's gradients.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <exception cref="InvalidOperationException">The part has no gradients yet, or another thread is training the model.</exception>
    /// <exception cref="NonFiniteGradientException">With <see cref="ClipNorm"/>, the norm of the part's gradients is infinite or NaN; nothing was changed.</exception>
    public void Update(ModelPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        Update(part.Model, part, part.Name);
    }

    /// <summary>Creates the pass over a model, with its state buffers.</summary>
    /// <param name="device">The model on its device.</param>
    /// <param name="segments">The trainable parameters to update, divided by weight decay.</param>
    protected abstract UpdatePass CreatePass(DeviceModel device, UpdateSegment[] segments);

    /// <summary>
    /// Runs the pass over its <see cref="UpdatePass.Segments"/>. Its <see cref="UpdatePass.Updates"/> already includes this update, and <see cref="LearningRate"/> is that of these segments. It is called
    /// once per update, or once for each learning rate if there are several.
    /// </summary>
    /// <param name="pass">The pass that <see cref="CreatePass"/> returned.</param>
    /// <param name="clip">The operation on gradients before the update.</param>
    protected abstract void Run(UpdatePass pass, GradientClip clip);

    /// <summary>Checks that epsilon is positive: with 0, pads, whose gradients are 0, would become NaN.</summary>
    private protected static double CheckEpsilon(double value, string name) => ArgumentCheck.Within(value, 1e-30, 1, name);

    private void Update(Model model, object owner, string part)
    {
        CheckWhole(model, owner);
        using var access = model.BeginUpdate(out var device, part);
        if (!passes.TryGetValue(owner, out var pass))
            pass = AddPass(model, owner, part, device);

        // A refused update is not counted.
        var groups = pass.Groups!;
        groups.Refresh(rules, model);
        AddNoise(device, groups);
        var clip = Clip(model, part, device, groups);
        groups.Updates++;
        foreach (var group in groups.Groups)
            Run(pass, group, clip);
        model.Updated();
    }

    private void AddNoise(DeviceModel device, UpdateGroups groups)
    {
        if (GradientNoise is not { } described)
            return;
        var noise = new NormalNoise((ulong)(uint)described.Seed, (uint)groups.Updates, (float)described.Deviation(groups.Updates));
        foreach (var group in groups.Groups)
            device.AddNoise(in noise, group.Whole, groups.Pads);
    }

    private void Run(UpdatePass pass, UpdateGroup group, GradientClip clip)
    {
        var rate = learningRate;
        try
        {
            learningRate = rate * group.Factor;
            (pass.Segments, pass.Updates) = (group.Segments, ++group.Updates);
            Run(pass, clip);
        }
        finally
        {
            learningRate = rate;
        }
    }

    private UpdatePass AddPass(Model model, object owner, string part, DeviceModel device)
    {
        var segmentation = new Segmentation(WeightDecay, IsPerTensor, ShardOf(owner));
        var segments = segmentation.Segments(model.Description, part);
        if (IsPerTensor && Array.Find(segments, static segment => segment.SparseParameter >= 0) is { Length: > 0 } sparse)
        {
            throw new NotSupportedException(
                $"'{model.Description.Parameters[sparse.SparseParameter].Name}' of {model.Description.Name} has sparse updates, and {GetType().Name} updates whole parameters: remove SparseUpdates, or use another optimizer, such as Adam.");
        }

        var pass = CreatePass(device, segments);
        pass.Groups = new UpdateGroups(model.Description, part, segments, segmentation);
        if (segments.Length > 0)
            pass.Start = segments[0].Start;
        passes.Add(owner, pass);
        return pass;
    }

    private static double Limit(double value, [CallerMemberName] string name = "") =>
        value > 0 ? value : throw ArgumentCheck.Out(name, value, "greater than 0; infinity is for no limit");

    /// <summary>Whether the update of an element depends on all elements of its parameter, so that each parameter is a segment of its own.</summary>
    private protected virtual bool IsPerTensor => false;

    private GradientClip Clip(Model model, string part, DeviceModel device, UpdateGroups groups)
    {
        if (double.IsPositiveInfinity(clipNorm))
            return new GradientClip(1f, (float)clipValue);
        var norm = Norm(device, groups.Ranges);
        if (!double.IsFinite(norm))
            throw new NonFiniteGradientException(model.Description.Name, NotFinite(model, part), norm);
        return new GradientClip((float)Math.Min(1.0, clipNorm / (norm + 1e-6)), (float)clipValue);
    }

    private static double Norm(DeviceModel device, (int Start, int Length)[] ranges)
    {
        if (ranges is [var single])
            return device.GradientNorm(single.Start, single.Length);
        var sum = 0.0;
        foreach (var (start, length) in ranges)
            sum += Math.Pow(device.GradientNorm(start, length), 2);
        return Math.Sqrt(sum);
    }

    /// <summary>Returns the first parameter of a part whose gradient is not finite.</summary>
    private string? NotFinite(Model model, string part)
    {
        foreach (var gradient in model.Gradients)
        {
            if (ModelPart.Contains(part, gradient.Name) && !rules.IsFrozen(gradient.Name) && gradient.HasNonFinite())
                return gradient.Name;
        }

        return null;
    }
}
