using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ModelDsl.Ilgpu.Compiled;
using ModelDsl.Ilgpu.Kernels;
using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>When the code that a build wrote is used, and when ILGPU's own way is taken.</summary>
public sealed class KernelChoiceTests
{
    private const string Source = "[Model, Input(3), Dense(2), MeanSquaredError] public partial class Tiny;";

    private static readonly Version Set = new(7, 8);

    /// <summary>An architecture, the newest instruction set of its driver, and why the file is not used.</summary>
    public static TheoryData<string, string, string> Devices
    {
        get
        {
            const string Reason = "the file has no code for this device or its driver";
            var data = new TheoryData<string, string, string>();
            foreach (var (architecture, set, reason) in TestScale.Some("devices for which built code is chosen", [("9.0", "7.8", ""), ("7.5", "7.8", Reason), ("8.0", "6.5", Reason)], 3)) data.Add(architecture, set, reason);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_device_takes_the_code_of_the_latest_architecture_that_it_and_its_driver_know(string architecture, string set, string reason) =>
        Reports(project => project.Build(), new(new StandInCuda(), Version.Parse(architecture), Version.Parse(set)), reason);

    [Fact]
    public void Of_several_architectures_the_latest_that_fits_is_loaded()
    {
        using var project = new BuiltProject(Source);
        project.Options = project.Options with { Architectures = ["sm_75", "sm_80", "sm_90"] };
        Assert.Equal(0, project.Build());
        using var file = KernelFile.Open(project.Options.Output);
        var kernel = file.List.Kernels.Values.First();
        Assert.Contains(".target sm_80", new CudaDriver(new StandInCuda(), new(8, 9), Set).Text(file, kernel), StringComparison.Ordinal);
        Assert.Contains(".target sm_75", new CudaDriver(new StandInCuda(), new(8, 9), new(6, 4)).Text(file, kernel), StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_refuses_the_code_is_quoted() =>
        Reports(project => project.Build(), new(new StandInCuda { Refusal = "ptxas fatal : out of luck" }, new(8, 0), Set), @"the driver refuses Generated\w+/\S+: CUDA_ERROR_INVALID_PTX: ptxas fatal : out of luck");

    [Fact]
    public void A_damaged_file_is_not_used() =>
        Reports(project => File.WriteAllText(project.Options.Output, "PK"), new(new StandInCuda(), new(8, 0), Set), @"'.*\.kernels' cannot be used: .* Build the project again\.");

    [Fact]
    public void A_file_of_other_code_is_not_used() => Reports(
        project => project.Rewrite(list => list with
        {
            Modules = list.Modules.ToDictionary(static module => module.Key, static _ => Guid.NewGuid()),
            Kernels = list.Kernels.ToDictionary(static kernel => kernel.Key, static kernel => kernel.Value with { Hash = "0" }),
        }),
        new(new StandInCuda(), new(8, 0), Set),
        "the file was made from another version of the code");

    [Fact]
    public void A_file_of_an_assembly_that_was_rewritten_is_used_if_its_kernels_are_the_same() => Reports(
        project => project.Rewrite(list => list with { Modules = list.Modules.ToDictionary(static module => module.Key, static _ => Guid.NewGuid()) }), new(new StandInCuda(), new(8, 0), Set), "");

    [Fact]
    public void A_damaged_text_is_not_used() => Reports(
        project =>
        {
            project.Build();
            project.Damage(static name => name.EndsWith(".ptx", StringComparison.Ordinal));
        },
        new(new StandInCuda(), new(8, 0), Set),
        @"'.*\.kernels' is damaged: its entry sm_80/\S+\.ptx is missing or was changed\. Build the project again\.");

    [Fact]
    public void An_error_of_the_device_is_not_blamed_on_the_text()
    {
        using var project = new BuiltProject(Source);
        Assert.Equal(0, project.Build());
        var message = Assert.Throws<InvalidOperationException>(() => ForwardWhereLoadingFails(project, CudaError.CUDA_ERROR_OUT_OF_MEMORY)).Message;
        Assert.Matches(@"^CUDA cannot load \S+: CUDA_ERROR_OUT_OF_MEMORY\. The device is out of memory, or a kernel that was launched before has failed", message);

        // A kernel has failed before: the driver returns its error from every later call.
        Assert.Contains("CUDA_ERROR_LAUNCH_FAILED", Assert.Throws<DeviceLostException>(() => ForwardWhereLoadingFails(project, CudaError.CUDA_ERROR_LAUNCH_FAILED)).Message, StringComparison.Ordinal);
    }

    [StandardFact]
    public void Kernels_of_optimizers_are_found_in_the_file_of_a_model_that_is_loaded_later()
    {
        using var without = new BuiltProject(Source);
        using var with = new BuiltProject(Source);
        Assert.Equal(0, with.Build());
        using var device = IlgpuDevice.CreateCpuAccelerator(null, new CudaDriver(new StandInCuda(), new(8, 0), Set));
        Step(without);
        var compiled = device.Kernels.CompiledCount;
        Step(with);
        Assert.Equal(compiled - 1, device.Kernels.CompiledCount);

        void Step(BuiltProject project)
        {
            using var model = project.Create("Tiny", device);
            var batch = Samples.Of(model.Description, 4, seed: 1);
            model.Forward(batch);
            model.Backward(batch);
            new Sgd(0.1).Update(model);
        }
    }

    [Fact]
    public void A_view_beyond_the_reach_of_OpenCL_kernels_is_an_error()
    {
        using var device = IlgpuDevice.CreateCpuAccelerator();
        using var buffer = device.Accelerator.Allocate1D<float>(1);
        var view = new ArrayView<float>(buffer, 1L + int.MaxValue, 0);
        var message = Assert.Throws<NotSupportedException>(() => new KernelArguments(hasSeparateBuffers: true).Begin(KernelLayout.Of(typeof(ArrayView<float>))).Add(view)).Message;
        Assert.Contains("element 2147483648 of a buffer", message, StringComparison.Ordinal);
    }

    /// <summary>A forward pass gives the CPU's results, and the kernels are loaded, or compiled for a reason.</summary>
    private static void Reports(Action<BuiltProject> prepare, CudaDriver driver, string reason)
    {
        using var project = new BuiltProject(Source);
        prepare(project);
        using var device = IlgpuDevice.CreateCpuAccelerator(null, driver);
        using var onCpu = project.Create("Tiny", Device.Cpu);
        using var onGpu = project.Create("Tiny", device);
        var batch = Samples.Of(onCpu.Description, 4, seed: 1);
        onCpu.Forward(batch);
        onGpu.Forward(batch);
        Near.Equal([onCpu.LastLoss], [onGpu.LastLoss], "losses");
        Assert.Matches(reason.Length == 0 ? @"^[1-9]\d* kernels loaded, 0 compiled$" : $@"^0 kernels loaded, [1-9]\d* compiled: .*\d because {reason}$", device.KernelReport);
    }

    private static void ForwardWhereLoadingFails(BuiltProject project, CudaError error)
    {
        using var device = IlgpuDevice.CreateCpuAccelerator(null, new CudaDriver(new StandInCuda { LoadError = error }, new(8, 0), Set));
        using var model = project.Create("Tiny", device);
        model.Forward(Samples.Of(model.Description, 4, seed: 1));
    }
}
