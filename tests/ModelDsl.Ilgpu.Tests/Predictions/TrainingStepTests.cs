using ModelDsl.Benchmarks.Gpu.Predictions;
using ModelDsl.Ilgpu.Tests.BuiltCode;
using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Predictions;

/// <summary>The launches of a training step, with the code that a build wrote.</summary>
public sealed class TrainingStepTests
{
    [StandardFact]
    public void The_operations_of_products_are_those_of_their_shapes()
    {
        // Multiples of the rows and columns of a block, so that no thread computes what is not stored.
        const int batch = 128;
        using var project = new BuiltProject("[Model, Input(128), Dense(256, UseBias = false), Dense(128, UseBias = false), MeanSquaredError] public partial class Two;");
        Assert.Equal(0, project.Build());
        var driver = new RecordingDriver();
        using var device = IlgpuDevice.CreateCpuAccelerator(null, driver);
        using var model = project.Create("Two", device);
        var samples = Samples.Of(model.Description, batch, seed: 1);
        model.Forward(samples);
        model.Backward(samples);
        Assert.EndsWith(" 0 compiled", device.KernelReport, StringComparison.Ordinal);

        // Two products forwards, and three backwards, of which two share a launch: the gradient of the input is not needed.
        var launches = PredictedLaunch.All(driver.Launches, DeviceLimits.H200);
        const double product = 2.0 * batch * 128 * 256;
        foreach (var name in (string[])["Dense1", "Dense2"])
            Assert.InRange(launches.Single(one => one.Launch.Name == name).Flops, product, 1.01 * product);

        // For a gradient of weights, the batch is divided among groups, into parts that are shorter than a slice of the sum: some of the terms are zeros. The second launch also adds the partial sums of Dense2.
        foreach (var (name, least, most) in (ReadOnlySpan<(string, double, double)>)[("Dense1GradientAndDense2WeightGradient", 2, 3.02), ("Dense1WeightGradientAndDense2WeightGradientSum", 1, 2.06)])
            Assert.InRange(launches.Single(one => one.Launch.Name == name).Flops, least * product, most * product);
        Assert.All(launches, static one => Assert.Equal(0, one.Undecided));

        // The inner loop of a product: 4 x 4 sums per thread.
        var first = launches[0];
        Assert.Equal(0, first.Loop.Count(InstructionKind.FusedMultiplyAdd) % 16);
        Assert.Equal(((128 * 128) + (128 * 256) + (128 * 256)) * sizeof(float), first.Bytes);
        Assert.DoesNotContain('.', first.Launch.Name);
    }
}
