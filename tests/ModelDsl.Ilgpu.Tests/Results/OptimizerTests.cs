using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Results;

/// <summary>Every optimizer's rule as a kernel.</summary>
[Collection(SharedDevice.Name)]
public sealed class OptimizerTests(SharedDevice shared)
{
    private readonly IlgpuDevice device = shared.Device;

    public static TheoryData<string> Optimizers =>
        [.. TestScale.Some("optimizers on the GPU target", ["Sgd", "Momentum", "Adam", "AmsGrad", "AdamW", "RmsProp", "AdaGrad", "NAdam", "RAdam", "Lion", "Adafactor", "Lamb"], 2)];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Updates_agree_with_the_cpu(string name)
    {
        using var cpu = new Classifier(seed: 5);
        using var gpu = new Classifier(seed: 5, device);
        Compare(cpu, Create(name), gpu, Create(name), steps: 3);
    }

    [Fact]
    public void Weight_decays_of_many_layers_agree_with_the_cpu()
    {
        using var cpu = new Decayed(seed: 5);
        using var gpu = new Decayed(seed: 5, device);
        Compare(cpu, new AdamW(0.05), gpu, new AdamW(0.05), steps: 2);
    }

    [StandardFact]
    public void Scaled_and_frozen_parameters_and_means_of_batches_agree_with_the_cpu()
    {
        using var cpu = new Decayed(seed: 5);
        using var gpu = new Decayed(seed: 5, device);
        var frozen = cpu.Parameters[0].Name;
        var before = gpu.Parameters[frozen].ToArray();
        Batch[] batches = [Samples.Of(cpu.Description, 4, seed: 1), Samples.Of(cpu.Description, 3, seed: 2)];
        foreach (var model in (Model[])[cpu, gpu])
        {
            var optimizer = new AdamW(0.05) { ClipNorm = 1, GradientNoise = new(eta: 1e-6) };
            optimizer.Scale(model.Parameters.Last(static parameter => parameter.IsTrainable).Name, 0.1);
            optimizer.Freeze(frozen);
            using var accumulator = new GradientAccumulator(model);
            for (var step = 0; step < 2; step++)
            {
                foreach (var batch in batches)
                {
                    model.Forward(batch);
                    model.Backward(batch);
                    accumulator.Add();
                }

                accumulator.WriteMean();
                optimizer.Update(model);
            }
        }

        Assert.Equal(before, gpu.Parameters[frozen].ToArray());
        for (var i = 0; i < cpu.Parameters.Count; i++)
            Near.Equal(cpu.Parameters[i].ToArray(), gpu.Parameters[i].ToArray(), cpu.Parameters[i].Name, 1e-3);
    }

    /// <summary>Updates get the parameters and gradients of the CPU: a difference of gradients would become larger where a rule divides by them, and their kernels have tests of their own.</summary>
    private static void Compare(Model cpu, Optimizer onCpu, Model gpu, Optimizer onGpu, int steps)
    {
        var batch = Samples.Of(cpu.Description, 4, seed: 1);
        for (var step = 0; step < steps; step++)
        {
            cpu.Forward(batch);
            cpu.Backward(batch);
            for (var i = 0; i < cpu.Parameters.Count; i++)
            {
                gpu.Parameters[i].CopyFrom(cpu.Parameters[i].ToArray());
                if (cpu.Parameters[i].IsTrainable)
                    gpu.Parameters[i].Gradient.CopyFrom(cpu.Parameters[i].Gradient.ToArray());
            }

            onCpu.Update(cpu);
            onGpu.Update(gpu);
            for (var i = 0; i < cpu.Parameters.Count; i++)
                Near.Equal(cpu.Parameters[i].ToArray(), gpu.Parameters[i].ToArray(), cpu.Parameters[i].Name, 1e-5);
        }
    }

    private static Optimizer Create(string name) => name switch
    {
        "Sgd" => new Sgd(0.1) { ClipValue = 0.05 },
        "Momentum" => new Sgd(0.1, momentum: 0.9, weightDecay: 0.01),
        "Adam" => new Adam(0.01, weightDecay: 0.01),
        "AmsGrad" => new Adam(0.01, amsGrad: true),
        "AdamW" => new AdamW(0.01),
        "RmsProp" => new RmsProp(0.01),
        "NAdam" => new NAdam(0.01),
        "RAdam" => new RAdam(0.01, beta2: 0.6),
        "Lion" => new Lion(0.01),
        "Lamb" => new Lamb(0.01),
        "Adafactor" => new Adafactor(0.01, weightDecay: 0.1),
        _ => new AdaGrad(0.01),
    };
}
