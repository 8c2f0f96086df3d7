using BenchmarkDotNet.Attributes;

namespace ModelDsl.Benchmarks.Kernels;

/// <summary>The forward and backward kernels of a few layers, 256 samples at a time, on one thread.</summary>
[MemoryDiagnoser]
public class PlanBenchmarks
{
    private const int Samples = 256;

    private CpuDevice device = null!;
    private Model model = null!;
    private Batch batch = null!;

    /// <summary>Which layers.</summary>
    public enum Layers
    {
        /// <summary>Matrix products.</summary>
        Dense,

        /// <summary>LayerNorm and Gelu.</summary>
        Normalised,

        /// <summary>Softmax and cross-entropy.</summary>
        Classes,

        /// <summary>Embedding.</summary>
        LookedUp,
    }

    /// <summary>Which layers.</summary>
    [ParamsAllValues]
    public Layers Case { get; set; }

    /// <summary>Width of the vectors.</summary>
    [Params(512, 256)]
    public int VectorBits { get; set; }

    /// <summary>Makes the model and its data.</summary>
    [GlobalSetup]
    public void Setup()
    {
        device = new CpuDevice { Threads = 1, VectorBits = VectorBits };
        model = Case switch
        {
            Layers.Dense => new DenseLayers(1, device),
            Layers.Normalised => new NormalisedRows(1, device),
            Layers.Classes => new ManyClasses(1, device),
            _ => new LookedUp(1, device),
        };
        batch = RandomBatch.Of(model.Description, Samples, seed: 1);
        model.EnsureBatchCapacity(Samples);
    }

    /// <summary>Outputs and loss.</summary>
    [Benchmark]
    public void Forward() => model.Forward(batch);

    /// <summary>The same, and all gradients: each backward pass goes with a forward pass of its own.</summary>
    [Benchmark]
    public void ForwardAndBackward()
    {
        model.Forward(batch);
        model.Backward(batch);
    }

    /// <summary>Ends the use of the model.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        model.Dispose();
        device.Dispose();
    }
}
