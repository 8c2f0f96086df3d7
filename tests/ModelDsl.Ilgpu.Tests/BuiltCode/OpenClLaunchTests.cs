using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>Code that a build wrote, on PoCL.</summary>
public sealed class OpenClLaunchTests
{
    private const string Platform = "Portable Computing Language";

    private const string Source = "[Model, Input(6), Dense(9), Relu, Dropout(0.5), Dense(3), SoftmaxCrossEntropy] public partial class Small;";

    [PoclFact]
    public void Two_steps_agree_with_the_cpu_and_nothing_is_compiled_by_ILGPU()
    {
        using var project = new BuiltProject(Source);
        Assert.Equal(0, project.Build());
        using var device = IlgpuDevice.CreateOpenCL(Platform);
        using var onCpu = project.Create("Small", Device.Cpu);
        using var onGpu = project.Create("Small", device);
        var (first, second) = (new Adam(1e-2) { ClipNorm = 1 }, new Adam(1e-2) { ClipNorm = 1 });
        for (var step = 0; step < 2; step++)
        {
            var batch = Samples.Of(onCpu.Description, 5, seed: step);
            Step(onCpu, first, batch);
            Step(onGpu, second, batch);
            Near.Equal([onCpu.LastLoss], [onGpu.LastLoss], "losses");
            for (var i = 0; i < onCpu.Parameters.Count; i++)
                Near.Equal(onCpu.Parameters[i].ToArray(), onGpu.Parameters[i].ToArray(), onCpu.Parameters[i].Name, 1e-3);
        }

        Assert.EndsWith(" loaded, 0 compiled", device.KernelReport, StringComparison.Ordinal);
    }

    [PoclFact]
    public void Without_the_file_ILGPU_compiles_and_the_report_says_why()
    {
        using var project = new BuiltProject(Source);
        using var device = IlgpuDevice.CreateOpenCL(Platform);
        using var onCpu = project.Create("Small", Device.Cpu);
        using var onGpu = project.Create("Small", device);
        var batch = Samples.Of(onCpu.Description, 5, seed: 1);
        onCpu.Forward(batch);
        onGpu.Forward(batch);
        Near.Equal([onCpu.LastLoss], [onGpu.LastLoss], "losses");
        Assert.Matches(@"^0 kernels loaded, \d+ compiled: \d+ because there is no Generated\w+\.kernels beside the program$", device.KernelReport);
    }

    private static void Step(Model model, Optimizer optimizer, Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);
        optimizer.Update(model);
    }
}
