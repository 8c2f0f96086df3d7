using BenchmarkDotNet.Attributes;
using ModelDsl.Benchmarks.Steps;

namespace ModelDsl.Benchmarks.Kernels;

/// <summary>An update of the 235,146 parameters of the digit classifier, on one thread.</summary>
[MemoryDiagnoser]
public class OptimizerBenchmarks
{
    private readonly Adam adam = new();
    private readonly AdamW adamW = new(weightDecay: 0.01);
    private readonly Sgd momentum = new(momentum: 0.9);
    private readonly Adam clipped = new() { ClipNorm = 1 };
    private CpuDevice device = null!;
    private MlpModel model = null!;

    /// <summary>Makes the model and its gradients.</summary>
    [GlobalSetup]
    public void Setup()
    {
        device = new CpuDevice { Threads = 1 };
        model = new MlpModel(1, device);
        var batch = RandomBatch.Of(model.Description, 32, seed: 1);
        model.Forward(batch);
        model.Backward(batch);
    }

    /// <summary>Two running means per parameter.</summary>
    [Benchmark(Baseline = true)]
    public void Adam() => adam.Update(model);

    /// <summary>With decoupled weight decay.</summary>
    [Benchmark]
    public void AdamW() => adamW.Update(model);

    /// <summary>With the norm of all gradients beforehand.</summary>
    [Benchmark]
    public void AdamWithClipping() => clipped.Update(model);

    /// <summary>One running mean per parameter.</summary>
    [Benchmark]
    public void SgdWithMomentum() => momentum.Update(model);

    /// <summary>Ends the use of the model.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        model.Dispose();
        device.Dispose();
    }
}
