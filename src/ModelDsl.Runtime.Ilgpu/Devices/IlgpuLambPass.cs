using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Devices;
using ModelDsl.Ilgpu.Compiled;

namespace ModelDsl.Ilgpu;

/// <summary>
/// The pass of <see cref="Lamb"/>: a kernel updates the running means and sums the squares of the parameters and of their directions in blocks of a fixed length; the host adds the sums of the blocks in order, which
/// gives the rate of each parameter; and a kernel updates the parameters. The direction is computed again instead of stored.
/// </summary>
internal sealed class IlgpuLambPass : LambPass
{
    private const int Threads = 256;

    /// <summary>The number of floats per block.</summary>
    private const int Block = 4096;

    private readonly IlgpuDevice device;
    private readonly IlgpuBuffer parameters;
    private readonly IlgpuBuffer gradients;
    private readonly IlgpuBuffer[] states;
    private readonly int origin;
    private readonly IlgpuBuffer[] ofBlocks;
    private readonly DeviceAllocation<int> bounds;
    private IReadOnlyList<UpdateSegment> divided = [];
    private int[] segmentOf = [];
    private float[] hostSums = [];
    private float[] hostRates = [];
    private double[] ratios = [];
    private Action<KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<float>, ArrayView<float>, LambStep>? average;
    private Action<KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<float>, LambStep>? update;

    /// <summary>Allocates the states.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="segments">The trainable parameters, a segment for each.</param>
    public IlgpuLambPass(IlgpuDevice device, IlgpuBuffer parameters, IlgpuBuffer gradients, UpdateSegment[] segments)
    {
        (this.device, this.parameters, this.gradients) = (device, parameters, gradients);
        Segments = segments;
        origin = segments.Length == 0 ? 0 : segments[0].Start;
        var length = segments.Length == 0 ? 0 : segments[^1].Start + segments[^1].Length - origin;
        states = [new IlgpuBuffer(device, length, "The state of an optimizer"), new IlgpuBuffer(device, length, "The state of an optimizer")];

        // The segments of an update are some of these.
        var blocks = segments.Sum(static segment => Blocks(segment));
        ofBlocks = [new IlgpuBuffer(device, 2L * blocks, "The norms of an optimizer"), new IlgpuBuffer(device, 2L * blocks, "The rates of an optimizer")];
        lock (device.Gate)
        {
            device.Accelerator.Bind();
            bounds = device.Allocate<int>(Math.Max(1, 2 * blocks));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceBuffer> States => states;

    /// <summary>Of each block: the sums of the squares of its parameters and of its direction.</summary>
    private IlgpuBuffer Sums => ofBlocks[0];

    /// <summary>Of each block: the weight decay and the rate.</summary>
    private IlgpuBuffer Rates => ofBlocks[1];

    /// <inheritdoc/>
    public override void Run(in LambScalars scalars, GradientClip clip)
    {
        if (!ReferenceEquals(divided, Segments))
            Divide();
        var blocks = segmentOf.Length;
        if (blocks == 0)
            return;
        var config = new KernelConfig(blocks, Threads);
        var step = new LambStep(
            origin, scalars.Beta1, scalars.Beta2, scalars.OneMinusBeta1, scalars.OneMinusBeta2, scalars.Scale, scalars.Epsilon, clip.Scale, clip.Limit);
        device.Use("parameters were updated", (Pass: this, Config: config, Step: step), static run => run.Pass.Average(run.Config, run.Step));

        Sums.Read(0, hostSums);
        SetRates(scalars.LearningRate);
        Rates.Write(0, hostRates);
        device.Use("parameters were updated", (Pass: this, Config: config, Step: step), static run => run.Pass.Update(run.Config, run.Step));
    }

    private void Average(KernelConfig config, LambStep step)
    {
        average ??= device.Kernels.Load<
            ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<float>, ArrayView<float>, LambStep>(LambKernels.Average);
        average(config, parameters.View, gradients.View, states[0].View, states[1].View, bounds.View, Rates.View, Sums.View, step);
    }

    private void Update(KernelConfig config, LambStep step)
    {
        update ??= device.Kernels.Load<
            ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<float>, LambStep>(LambKernels.Update);
        update(config, parameters.View, states[0].View, states[1].View, bounds.View, Rates.View, step);
    }

    private static int Blocks(UpdateSegment segment) => (segment.Length + Block - 1) / Block;

    /// <summary>Divides the segments into blocks.</summary>
    private void Divide()
    {
        segmentOf = [.. Segments.SelectMany(static (segment, index) => Enumerable.Repeat(index, Blocks(segment)))];
        (hostSums, hostRates, ratios) = (new float[2 * segmentOf.Length], new float[2 * segmentOf.Length], new double[Segments.Count]);
        var hostBounds = new int[2 * segmentOf.Length];
        var block = 0;
        foreach (var segment in Segments)
        {
            var end = segment.Start + segment.Length;
            for (var start = segment.Start; start < end; start += Block, block++)
            {
                (hostBounds[2 * block], hostBounds[(2 * block) + 1]) = (start, Math.Min(start + Block, end));
                hostRates[2 * block] = (float)segment.WeightDecay;
            }
        }

        if (block > 0)
        {
            device.Use("values were copied to it", (Pass: this, Bounds: hostBounds), static copy => copy.Pass.bounds.View.SubView(0, copy.Bounds.Length).CopyFromCPU(copy.Bounds));
            Rates.Write(0, hostRates);
        }

        divided = Segments;
    }

    /// <summary>Computes the learning rate of each parameter: that of the optimizer, multiplied by the ratio of the norms of the parameter and its direction.</summary>
    private void SetRates(double learningRate)
    {
        for (var block = 0; block < segmentOf.Length;)
        {
            var (segment, parameter, direction) = (segmentOf[block], 0.0, 0.0);
            for (; block < segmentOf.Length && segmentOf[block] == segment; block++)
                (parameter, direction) = (parameter + hostSums[2 * block], direction + hostSums[(2 * block) + 1]);
            ratios[segment] = parameter > 0 && direction > 0 ? Math.Sqrt(parameter) / Math.Sqrt(direction) : 1;
        }

        for (var block = 0; block < segmentOf.Length; block++)
            hostRates[(2 * block) + 1] = (float)(learningRate * ratios[segmentOf[block]]);
    }
}

/// <summary>The scalars of an update by <see cref="Lamb"/> in kernels.</summary>
/// <param name="Origin">The position of the first state in the buffer of parameters.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="OneMinusBeta1">1 − β₁.</param>
/// <param name="OneMinusBeta2">1 − β₂.</param>
/// <param name="Scale">The factor of the mean.</param>
/// <param name="Epsilon">The number that is added to the root of the mean square.</param>
/// <param name="ClipScale">The factor of gradients.</param>
/// <param name="ClipLimit">The limit of gradients.</param>
internal readonly record struct LambStep(
    int Origin, float Beta1, float Beta2, float OneMinusBeta1, float OneMinusBeta2, float Scale, float Epsilon, float ClipScale, float ClipLimit);

/// <summary>The kernels of <see cref="IlgpuLambPass"/>. A group of threads has a block.</summary>
internal static class LambKernels
{
    private const int Threads = 256;

    /// <summary>Updates the running means of a block, and sums the squares of its parameters and of its direction.</summary>
    public static void Average(
        ArrayView<float> parameters, ArrayView<float> gradients, ArrayView<float> means, ArrayView<float> squares, ArrayView<int> bounds, ArrayView<float> rates, ArrayView<float> sums, LambStep step)
    {
        var shared = SharedMemory.Allocate<float>(Threads);
        var block = Grid.IdxX;
        var (end, decay) = (bounds[(2 * block) + 1], rates[2 * block]);
        var (ofParameter, ofDirection) = (0f, 0f);
        for (var i = bounds[2 * block] + Group.IdxX; i < end; i += Threads)
        {
            var scaled = new ScalarLane(gradients[i] * step.ClipScale);
            var gradient = ScalarLane.Greater(new ScalarLane(-step.ClipLimit), ScalarLane.Less(new ScalarLane(step.ClipLimit), scaled)).Value;
            var mean = ScalarLane.Normal(new ScalarLane((step.Beta1 * means[i - step.Origin]) + (step.OneMinusBeta1 * gradient))).Value;
            var square = ScalarLane.Normal(new ScalarLane((step.Beta2 * squares[i - step.Origin]) + (step.OneMinusBeta2 * gradient * gradient))).Value;
            means[i - step.Origin] = mean;
            squares[i - step.Origin] = square;
            var parameter = parameters[i];
            var direction = Direction(mean, square, parameter, decay, step);
            ofParameter += parameter * parameter;
            ofDirection += direction * direction;
        }

        ofParameter = Compiled.Threads.Sum(shared, Group.IdxX, ofParameter, Threads, 1);
        ofDirection = Compiled.Threads.Sum(shared, Group.IdxX, ofDirection, Threads, 1);
        if (Group.IdxX == 0)
        {
            sums[2 * block] = ofParameter;
            sums[(2 * block) + 1] = ofDirection;
        }
    }

    /// <summary>Updates the parameters of a block.</summary>
    public static void Update(ArrayView<float> parameters, ArrayView<float> means, ArrayView<float> squares, ArrayView<int> bounds, ArrayView<float> rates, LambStep step)
    {
        var block = Grid.IdxX;
        var (end, decay, rate) = (bounds[(2 * block) + 1], rates[2 * block], rates[(2 * block) + 1]);
        for (var i = bounds[2 * block] + Group.IdxX; i < end; i += Threads)
            parameters[i] -= rate * Direction(means[i - step.Origin], squares[i - step.Origin], parameters[i], decay, step);
    }

    private static float Direction(float mean, float square, float parameter, float decay, LambStep step) =>
        (step.Scale * mean / (ScalarLane.Sqrt(new ScalarLane(square)).Value + step.Epsilon)) + (decay * parameter);
}
