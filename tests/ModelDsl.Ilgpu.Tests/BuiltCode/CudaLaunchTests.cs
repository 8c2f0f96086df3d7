using System.Runtime.InteropServices;
using ModelDsl.Ilgpu.Kernels;
using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>
/// Code that a build wrote, loaded and launched as on CUDA, with a driver of these tests: which calls are made, which bytes are passed, and what the PTX computes from them. That NVIDIA's driver takes the text can be
/// seen on a GPU only.
/// </summary>
public sealed class CudaLaunchTests
{
    /// <summary>Products, random numbers, and a column of integers.</summary>
    private const string Small = "[Model, Input(6), Dense(9), Relu, Dropout(0.5), Dense(3), SoftmaxCrossEntropy] public partial class Small;";

    /// <summary>A kernel with more views than a launch has arguments: the rest is a structure.</summary>
    private const string Many = """
        [Block, Dense(4), Silu] internal sealed partial class Gate;
        [Block, Parallel<Gate, Gate, Gate, Gate, Gate, Gate, Gate, Gate>(Merge.Add), Dropout(0.1)] internal sealed partial class Gates;
        [Model, Input(4), Residual<Gates>, Dense(1), MeanSquaredError] public partial class Many;
        """;

    /// <summary>The number of arguments of a launch.</summary>
    private const int MostArguments = 14;

    private static readonly Version Ampere = new(8, 0);
    private static readonly Version Set = new(7, 0);

    /// <summary>The names and the text of models.</summary>
    public static TheoryData<string, string> Sources
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (name, source) in TestScale.Some("models launched through the driver of CUDA", [(nameof(Small), Small), (nameof(Many), Many)], 2)) data.Add(name, source);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Two_steps_agree_with_the_cpu(string name, string source)
    {
        using var project = new BuiltProject(source);
        Assert.Equal(0, project.Build());
        var cuda = new StandInCuda();
        using (var device = IlgpuDevice.CreateCpuAccelerator(null, new CudaDriver(cuda, Ampere, Set)))
        {
            using var onCpu = project.Create(name, Device.Cpu);
            using var onGpu = project.Create(name, device);
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

        // Each kernel is a module of its own, loaded once, and each step launches the same.
        var loads = cuda.Calls.Count(static call => call == "load");
        Assert.Equal(loads, cuda.Calls.Count(static call => call.StartsWith("function Kernel_", StringComparison.Ordinal)));
        Assert.Equal(loads, cuda.Calls.Count(static call => call == "unload"));
        Assert.Equal(name == nameof(Many), cuda.Arguments.Max(static bytes => bytes.Length) > MostArguments * KernelLayout.ViewBytes);
        var launches = cuda.Calls.Where(static call => call.StartsWith("launch", StringComparison.Ordinal)).ToArray();
        Assert.Equal(launches[..(launches.Length / 2)], launches[(launches.Length / 2)..]);
    }

    [Fact]
    public void A_view_is_an_address_and_a_length_and_scalars_follow_with_their_own_alignment()
    {
        using var project = new BuiltProject("[Model, Input(6), Dense(9), Relu, Dense(3), MeanSquaredError] public partial class Plain;");
        Assert.Equal(0, project.Build());
        var cuda = new StandInCuda();
        using var device = IlgpuDevice.CreateCpuAccelerator(null, new CudaDriver(cuda, Ampere, Set));
        using var model = project.Create("Plain", device);
        model.Forward(Samples.Of(model.Description, 5, seed: 0));

        // The first kernel reads the inputs, weights and biases, and writes the result, for five samples.
        var bytes = cuda.Arguments[0];
        Assert.Equal(5, MemoryMarshal.Read<int>(bytes.AsSpan(bytes.Length - sizeof(int))));
        Assert.Equal((4 * KernelLayout.ViewBytes) + sizeof(int), bytes.Length);
    }

    private static void Step(Model model, Optimizer optimizer, Batch batch)
    {
        model.Forward(batch);
        model.Backward(batch);
        optimizer.Update(model);
    }
}
