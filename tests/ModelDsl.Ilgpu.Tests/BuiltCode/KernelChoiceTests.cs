using System.IO.Compression;
using ModelDsl.Ilgpu.Kernels;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>When the code that a build wrote is used, and when ILGPU's own way is taken.</summary>
public sealed class KernelChoiceTests
{
    private const string Source = "[Model, Input(3), Dense(2), MeanSquaredError] public partial class Tiny;";

    private static readonly Version Set = new(7, 8);

    [Theory]
    [InlineData("7.5", "7.8", "the file has no code for this device or its driver")]
    [InlineData("8.0", "6.5", "the file has no code for this device or its driver")]
    [InlineData("9.0", "7.8", "")]
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
        project => Rewrite(project, list => list with
        {
            Modules = list.Modules.ToDictionary(static module => module.Key, static _ => Guid.NewGuid()),
            Kernels = list.Kernels.ToDictionary(static kernel => kernel.Key, static kernel => kernel.Value with { Hash = "0" }),
        }),
        new(new StandInCuda(), new(8, 0), Set),
        "the file was made from another version of the code");

    [Fact]
    public void A_file_of_an_assembly_that_was_rewritten_is_used_if_its_kernels_are_the_same() => Reports(
        project => Rewrite(project, list => list with { Modules = list.Modules.ToDictionary(static module => module.Key, static _ => Guid.NewGuid()) }), new(new StandInCuda(), new(8, 0), Set), "");

    private static void Rewrite(BuiltProject project, Func<KernelList, KernelList> change)
    {
        Assert.Equal(0, project.Build());
        using var archive = ZipFile.Open(project.Options.Output, ZipArchiveMode.Update);
        var entry = archive.GetEntry(KernelList.FileName)!;
        string text;
        using (var reader = new StreamReader(entry.Open()))
            text = reader.ReadToEnd();
        entry.Delete();
        using var writer = new StreamWriter(archive.CreateEntry(KernelList.FileName).Open());
        writer.Write(change(KernelList.Read(text)).Write());
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
}
