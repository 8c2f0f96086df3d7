using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Devices;

namespace ModelDsl.Ilgpu;

/// <summary>
/// An optimizer's pass over the flat buffers: one thread per element, with the same rule as on the CPU. One kernel does it all, weight decays that differ from layer
/// to layer included, up to as many of them as <see cref="UpdateDecays"/> holds; more take a launch more.
/// </summary>
/// <typeparam name="TRule">What happens to one element.</typeparam>
internal sealed class IlgpuUpdatePass<TRule> : UpdatePass<TRule>
    where TRule : struct, IUpdateRule
{
    private const int Threads = 256;

    private readonly IlgpuDevice device;
    private readonly IlgpuBuffer parameters;
    private readonly IlgpuBuffer gradients;
    private readonly IlgpuBuffer[] states;
    private readonly int start;
    private readonly int length;
    private readonly double[] weightDecays;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense>? kinds;
    private Action<KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<byte>, TRule, UpdateScalars>? update;

    /// <summary>Allocates the states.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="states">Number of states, at most 3.</param>
    /// <param name="segments">One run of trainable parameters, divided by weight decay.</param>
    public IlgpuUpdatePass(IlgpuDevice device, IlgpuBuffer parameters, IlgpuBuffer gradients, int states, UpdateSegment[] segments)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(states, 3);
        this.device = device;
        this.parameters = parameters;
        this.gradients = gradients;
        weightDecays = [.. segments.Select(static segment => segment.WeightDecay).Distinct()];
        (start, length) = segments.Length == 0 ? (0, 0) : (segments[0].Start, segments[^1].Start + segments[^1].Length - segments[0].Start);
        this.states = new IlgpuBuffer[states];
        for (var i = 0; i < states; i++)
            this.states[i] = new IlgpuBuffer(device, length, "The state of an optimizer");
        if (length > 0)
            kinds = Kinds(device, segments);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceBuffer> States => states;

    /// <inheritdoc/>
    public override void Run(in TRule rule, GradientClip clip)
    {
        lock (device.Gate)
        {
            device.Accelerator.Bind();
            update ??= device.Accelerator.LoadStreamKernel<
                ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<byte>, TRule, UpdateScalars>(UpdateKernel.Update);
            var config = new KernelConfig((length + Threads - 1) / Threads, Threads);
            for (var first = 0; first < weightDecays.Length; first += UpdateDecays.Most)
            {
                var scalars = new UpdateScalars(states.Length, length, first, Decays(rule, first), clip.Scale, clip.Limit);
                update(config, Part(parameters), Part(gradients), State(0), State(1), State(2), kinds!.View.BaseView, rule, scalars);
            }
        }
    }

    private ArrayView<float> Part(IlgpuBuffer buffer) => buffer.View.SubView(start, length);

    /// <summary>States a pass does not have are never touched; a view of something has to stand for them.</summary>
    private ArrayView<float> State(int state) => state < states.Length ? states[state].View : Part(gradients);

    /// <summary>What the rule makes of some of the weight decays.</summary>
    private UpdateDecays Decays(in TRule rule, int first)
    {
        var own = rule;
        return new(At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7));

        float At(int i) => first + i < weightDecays.Length ? own.Decay(weightDecays[first + i]) : 0f;
    }

    /// <summary>Which weight decay each block of the run has.</summary>
    private MemoryBuffer1D<byte, Stride1D.Dense> Kinds(IlgpuDevice device, UpdateSegment[] segments)
    {
        if (weightDecays.Length > byte.MaxValue)
            throw new NotSupportedException($"The layers of a model have {weightDecays.Length} different weight decays; an optimizer on a GPU takes {byte.MaxValue}.");
        var values = new byte[length / UpdateDecays.Block];
        foreach (var segment in segments)
            Array.Fill(values, (byte)Array.IndexOf(weightDecays, segment.WeightDecay), (segment.Start - start) / UpdateDecays.Block, segment.Length / UpdateDecays.Block);
        lock (device.Gate)
        {
            device.Accelerator.Bind();
            return device.Accelerator.Allocate1D(values);
        }
    }
}

/// <summary>Factors of weight decay that a launch knows.</summary>
internal readonly record struct UpdateDecays(float D0, float D1, float D2, float D3, float D4, float D5, float D6, float D7)
{
    /// <summary>How many there are.</summary>
    public const int Most = 8;

    /// <summary>Floats that have one weight decay for certain: segments begin and end at multiples of it.</summary>
    public const int Block = 16;

    /// <summary>One of them. Written out: a device has no arrays in registers.</summary>
    public float At(int i) => i < 4 ? (i < 2 ? (i == 0 ? D0 : D1) : i == 2 ? D2 : D3) : i < 6 ? (i == 4 ? D4 : D5) : i == 6 ? D6 : D7;
}

/// <summary>The scalars of an update that do not belong to the rule.</summary>
/// <param name="States">Number of states.</param>
/// <param name="Length">Number of elements.</param>
/// <param name="First">The first of the weight decays that are updated.</param>
/// <param name="Decays">Those from the first, as the rule wants them.</param>
/// <param name="Scale">What gradients are multiplied by.</param>
/// <param name="Limit">What they are limited to.</param>
internal readonly record struct UpdateScalars(int States, int Length, int First, UpdateDecays Decays, float Scale, float Limit);

/// <summary>The kernel of all optimizers.</summary>
internal static class UpdateKernel
{
    public static void Update<TRule>(
        ArrayView<float> parameters, ArrayView<float> gradients, ArrayView<float> state0, ArrayView<float> state1, ArrayView<float> state2,
        ArrayView<byte> kinds, TRule rule, UpdateScalars scalars)
        where TRule : struct, IUpdateRule
    {
        var i = Grid.GlobalIndex.X;
        if (i >= scalars.Length)
            return;
        var kind = kinds[i / UpdateDecays.Block] - scalars.First;
        if (kind < 0 || kind >= UpdateDecays.Most)
            return;
        var parameter = new ScalarLane(parameters[i]);
        var scaled = new ScalarLane(gradients[i] * scalars.Scale);
        var gradient = ScalarLane.Greater(new ScalarLane(-scalars.Limit), ScalarLane.Less(new ScalarLane(scalars.Limit), scaled));
        var first = new ScalarLane(scalars.States > 0 ? state0[i] : 0f);
        var second = new ScalarLane(scalars.States > 1 ? state1[i] : 0f);
        var third = new ScalarLane(scalars.States > 2 ? state2[i] : 0f);
        rule.Apply(ref parameter, gradient, new ScalarLane(scalars.Decays.At(kind)), ref first, ref second, ref third);
        parameters[i] = parameter.Value;
        if (scalars.States > 0)
            state0[i] = first.Value;
        if (scalars.States > 1)
            state1[i] = second.Value;
        if (scalars.States > 2)
            state2[i] = third.Value;
    }
}
