using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Devices;

namespace ModelDsl.Ilgpu;

/// <summary>An optimizer's pass over the flat buffers: one thread per element, with the same rule as on the CPU.</summary>
/// <typeparam name="TRule">What happens to one element.</typeparam>
internal sealed class IlgpuUpdatePass<TRule> : UpdatePass<TRule>
    where TRule : struct, IUpdateRule
{
    private const int Threads = 256;

    private readonly IlgpuDevice device;
    private readonly IlgpuBuffer parameters;
    private readonly IlgpuBuffer gradients;
    private readonly IlgpuBuffer[] states;
    private readonly UpdateSegment[] segments;
    private Action<KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, TRule, UpdateScalars>? update;

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
        this.segments = segments;
        this.states = new IlgpuBuffer[states];
        for (var i = 0; i < states; i++)
            this.states[i] = new IlgpuBuffer(device, RunLength, "The state of an optimizer");
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
                ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, TRule, UpdateScalars>(UpdateKernel.Update);
            foreach (var segment in segments)
            {
                var scalars = new UpdateScalars(states.Length, segment.Length, rule.Decay(segment.WeightDecay), clip.Scale, clip.Limit);
                var config = new KernelConfig((segment.Length + Threads - 1) / Threads, Threads);
                update(config, Part(parameters, segment), Part(gradients, segment), State(0, segment), State(1, segment), State(2, segment), rule, scalars);
            }
        }
    }

    private static ArrayView<float> Part(IlgpuBuffer buffer, UpdateSegment segment) => buffer.View.SubView(segment.Start, segment.Length);

    /// <summary>States a pass does not have are never touched; a view of something has to stand for them.</summary>
    private ArrayView<float> State(int state, UpdateSegment segment) =>
        state < states.Length ? Part(states[state], segment with { Start = segment.Start - Origin }) : Part(gradients, segment);

    /// <summary>Where the updated run of the buffers begins; the states begin there.</summary>
    private int Origin => segments.Length == 0 ? 0 : segments[0].Start;

    private int RunLength => segments.Length == 0 ? 0 : segments[^1].Start + segments[^1].Length - Origin;
}

/// <summary>The scalars of an update that do not belong to the rule.</summary>
/// <param name="States">Number of states.</param>
/// <param name="Length">Number of elements.</param>
/// <param name="Decay">The segment's weight decay, as the rule wants it.</param>
/// <param name="Scale">What gradients are multiplied by.</param>
/// <param name="Limit">What they are limited to.</param>
internal readonly record struct UpdateScalars(int States, int Length, float Decay, float Scale, float Limit);

/// <summary>The kernel of all optimizers.</summary>
internal static class UpdateKernel
{
    public static void Update<TRule>(
        ArrayView<float> parameters, ArrayView<float> gradients, ArrayView<float> state0, ArrayView<float> state1, ArrayView<float> state2,
        TRule rule, UpdateScalars scalars)
        where TRule : struct, IUpdateRule
    {
        var i = Grid.GlobalIndex.X;
        if (i >= scalars.Length)
            return;
        var parameter = new ScalarLane(parameters[i]);
        var scaled = new ScalarLane(gradients[i] * scalars.Scale);
        var gradient = ScalarLane.Greater(new ScalarLane(-scalars.Limit), ScalarLane.Less(new ScalarLane(scalars.Limit), scaled));
        var first = new ScalarLane(scalars.States > 0 ? state0[i] : 0f);
        var second = new ScalarLane(scalars.States > 1 ? state1[i] : 0f);
        var third = new ScalarLane(scalars.States > 2 ? state2[i] : 0f);
        rule.Apply(ref parameter, gradient, new ScalarLane(scalars.Decay), ref first, ref second, ref third);
        parameters[i] = parameter.Value;
        if (scalars.States > 0)
            state0[i] = first.Value;
        if (scalars.States > 1)
            state1[i] = second.Value;
        if (scalars.States > 2)
            state2[i] = third.Value;
    }
}
