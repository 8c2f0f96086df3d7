using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Devices;

namespace ModelDsl.Ilgpu;

/// <summary>
/// An optimizer's pass over the flat buffers: one thread per element, with the same rule as on the CPU. One kernel updates all parameters with up to
/// <see cref="UpdateDecays.Most"/> different weight decays; more weight decays need more launches.
/// </summary>
/// <typeparam name="TRule">The update rule for one element.</typeparam>
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
    private readonly UpdateSegment[] all;
    private readonly double[] weightDecays;
    private readonly DeviceAllocation<byte>? kinds;
    private Action<KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<byte>, TRule, UpdateScalars>? update;

    /// <summary>Allocates the states.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="states">The number of states, at most 3.</param>
    /// <param name="segments">One contiguous range of trainable parameters, divided by weight decay.</param>
    public IlgpuUpdatePass(IlgpuDevice device, IlgpuBuffer parameters, IlgpuBuffer gradients, int states, UpdateSegment[] segments)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(states, 3);
        this.device = device;
        this.parameters = parameters;
        this.gradients = gradients;
        Segments = all = segments;
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
    public override void Run(in TRule rule, GradientClip clip) =>
        device.Use("parameters were updated", (Pass: this, Rule: rule, Clip: clip), static run => run.Pass.Start(in run.Rule, run.Clip));

    private void Start(in TRule rule, GradientClip clip)
    {
        update ??= device.Kernels.Load<
            ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<byte>, TRule, UpdateScalars>(UpdateKernel.Update);
        if (ReferenceEquals(Segments, all))
            Launch(in rule, clip, start, length, 0, weightDecays.Length);
        else
            LaunchSegments(in rule, clip);
    }

    /// <summary>Updates the selected segments, with a launch for each.</summary>
    private void LaunchSegments(in TRule rule, GradientClip clip)
    {
        for (var i = 0; i < Segments.Count; i++)
        {
            var kind = Array.IndexOf(weightDecays, Segments[i].WeightDecay);
            Launch(in rule, clip, Segments[i].Start, Segments[i].Length, kind, kind + 1);
        }
    }

    /// <summary>Updates a range of parameters whose weight decays are some of all.</summary>
    private void Launch(in TRule rule, GradientClip clip, int from, int count, int firstDecay, int endDecay)
    {
        var config = new KernelConfig((count + Threads - 1) / Threads, Threads);
        var ofKinds = kinds!.View.SubView((from - start) / UpdateDecays.Block, count / UpdateDecays.Block);
        for (var first = firstDecay; first < endDecay; first += UpdateDecays.Most)
        {
            var scalars = new UpdateScalars(states.Length, count, first, Decays(rule, first), clip.Scale, clip.Limit);
            update!(config, Part(parameters), Part(gradients), State(0), State(1), State(2), ofKinds, rule, scalars);
        }

        ArrayView<float> Part(IlgpuBuffer buffer) => buffer.View.SubView(from, count);

        // States that a pass does not have are never used, but need a view.
        ArrayView<float> State(int state) => state < states.Length ? states[state].View.SubView(from - start, count) : Part(gradients);
    }

    /// <summary>Returns the rule's scalars of several weight decays.</summary>
    private UpdateDecays Decays(in TRule rule, int first)
    {
        var own = rule;
        return new(At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7));

        float At(int i) => first + i < weightDecays.Length ? own.Decay(weightDecays[first + i]) : 0f;
    }

    /// <summary>Returns the index of the weight decay of each block of the range.</summary>
    private DeviceAllocation<byte> Kinds(IlgpuDevice device, UpdateSegment[] segments)
    {
        if (weightDecays.Length > byte.MaxValue)
            throw new NotSupportedException($"The layers of a model have {weightDecays.Length} different weight decays; an optimizer on a GPU takes {byte.MaxValue}.");
        var values = new byte[length / UpdateDecays.Block];
        foreach (var segment in segments)
            Array.Fill(values, (byte)Array.IndexOf(weightDecays, segment.WeightDecay), (segment.Start - start) / UpdateDecays.Block, segment.Length / UpdateDecays.Block);
        lock (device.Gate)
        {
            device.Accelerator.Bind();
            var allocation = new DeviceAllocation<byte>(device, values.Length);
            allocation.View.CopyFromCPU<byte, ArrayView<byte>>(values);
            return allocation;
        }
    }
}

/// <summary>The scalars of the weight decays of a launch.</summary>
internal readonly record struct UpdateDecays(float D0, float D1, float D2, float D3, float D4, float D5, float D6, float D7)
{
    /// <summary>The number of weight decays.</summary>
    public const int Most = 8;

    /// <summary>The number of floats that have the same weight decay: segments begin and end at multiples of it.</summary>
    public const int Block = 16;

    /// <summary>Returns one of them. A device has no arrays in registers, so it is a chain of choices.</summary>
    public float At(int i) => i < 4 ? (i < 2 ? (i == 0 ? D0 : D1) : i == 2 ? D2 : D3) : i < 6 ? (i == 4 ? D4 : D5) : i == 6 ? D6 : D7;
}

/// <summary>The scalars of an update that are not part of the rule.</summary>
/// <param name="States">The number of states.</param>
/// <param name="Length">The number of elements.</param>
/// <param name="First">The index of the first weight decay that is updated.</param>
/// <param name="Decays">The scalars of the weight decays from the first on.</param>
/// <param name="Scale">The factor of gradients.</param>
/// <param name="Limit">The limit of gradients.</param>
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
