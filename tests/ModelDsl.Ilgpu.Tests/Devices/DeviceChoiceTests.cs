using ILGPU.Runtime;

namespace ModelDsl.Ilgpu.Tests.Devices;

/// <summary>Which device is taken on machines of all kinds, and what is said where there is none.</summary>
public class DeviceChoiceTests
{
    private static readonly DeviceFacts SmallCuda = new(AcceleratorType.Cuda, "small", 8L << 30, new Version(12, 4), new Version(11, 0));
    private static readonly DeviceFacts LargeCuda = new(AcceleratorType.Cuda, "large", 80L << 30, new Version(12, 4), new Version(11, 8));
    private static readonly DeviceFacts OldCuda = new(AcceleratorType.Cuda, "H100", 80L << 30, new Version(11, 4), new Version(11, 8));
    private static readonly DeviceFacts NewestCuda = new(AcceleratorType.Cuda, "newest", 90L << 30, new Version(13, 0));
    private static readonly DeviceFacts OpenCl = new(AcceleratorType.OpenCL, "integrated", 200L << 30);
    private static readonly DeviceFacts Pocl = new(AcceleratorType.OpenCL, "pthread", 16L << 30) { Platform = "Portable Computing Language", OpenCl = new(3, 0), HasGenericAddressSpace = false };
    private static readonly DeviceFacts Old = new(AcceleratorType.OpenCL, "old", 32L << 30) { Platform = "Vendor", OpenCl = new(1, 2) };

    [Fact]
    public void Cuda_comes_before_OpenCl_and_more_memory_before_less() =>
        Assert.Same(LargeCuda, DeviceChoice.Best(new(true, true, [OpenCl, SmallCuda, LargeCuda])));

    [Fact]
    public void OpenCl_stands_in_where_the_cuda_driver_is_too_old() => Assert.Same(OpenCl, DeviceChoice.Best(new(true, true, [OldCuda, OpenCl])));

    [Fact]
    public void A_GPU_newer_than_the_compiler_is_taken() => Assert.Same(NewestCuda, DeviceChoice.Cuda(new(true, false, [NewestCuda])));

    [Fact]
    public void Without_a_driver_it_says_which_file_is_missing() => Says(
        DeviceChoice.Cuda, new(false, false, []), "NVIDIA's driver is not installed (libcuda.so.1, nvcuda.dll). Install it; the CUDA toolkit is not needed.");

    [Fact]
    public void A_driver_without_a_GPU_is_another_matter() => Says(DeviceChoice.Cuda, new(true, false, []), "shows no GPU", "nvidia-smi", "CUDA_VISIBLE_DEVICES");

    [Fact]
    public void An_old_driver_is_named_with_the_version_that_is_needed() => Says(
        DeviceChoice.Cuda, new(true, true, [OldCuda, OpenCl]), "kernels for H100 need a driver for CUDA 11.8 or later, and the one installed is for CUDA 11.4. Update the driver.");

    [Fact]
    public void Without_any_GPU_both_ways_are_told() => Says(
        DeviceChoice.Best, new(false, false, []), "CUDA: NVIDIA's driver is not installed", "OpenCL: its loader is not installed", "leaving out the device", "CreateCpuAccelerator");

    [Fact]
    public void An_OpenCl_loader_without_a_device_is_told_apart_from_no_loader()
    {
        Says(DeviceChoice.OpenCl, new(true, true, [SmallCuda]), "its loader is installed, but shows no device");
        Says(DeviceChoice.OpenCl, new(true, false, [SmallCuda]), "its loader is not installed");
    }

    [Fact]
    public void An_OpenCl_device_that_does_not_fit_is_named_with_what_it_lacks() => Says(
        DeviceChoice.OpenCl, new(false, true, [Old]), "no device offers OpenCL 2.0 or later with the generic address space; there are old of Vendor (OpenCL C 1.2).");

    [Fact]
    public void A_device_without_the_generic_address_space_is_taken_by_name_only()
    {
        var machine = new MachineFacts(false, true, [Pocl, Old]);
        Says(DeviceChoice.Best, machine, "pthread of Portable Computing Language (OpenCL C 3.0, no generic address space)", "CreateOpenCL(\"Portable Computing Language\")");
        Assert.Same(Pocl, DeviceChoice.OpenCl(machine, "portable"));
        Assert.Same(Pocl, DeviceChoice.OpenCl(machine, "PTHREAD"));
    }

    [Fact]
    public void A_name_that_no_device_has_lists_the_devices_there_are() => Says(
        machine => DeviceChoice.OpenCl(machine, "radeon"), new(false, true, [Pocl, Old]), "No OpenCL device named 'radeon'", "pthread of Portable", "old of Vendor (OpenCL C 1.2)");

    [Fact]
    public void A_name_does_not_make_an_old_OpenCl_usable() => Says(machine => DeviceChoice.OpenCl(machine, "old"), new(false, true, [Old]), "No OpenCL device named 'old'");

    [Fact]
    public void A_number_selects_a_device_of_any_kind()
    {
        var machine = new MachineFacts(true, true, [SmallCuda, LargeCuda, Pocl, OldCuda, Old]);
        Assert.Same(SmallCuda, DeviceChoice.At(machine, 0));
        Assert.Same(Pocl, DeviceChoice.At(machine, 2));
        Says(facts => DeviceChoice.At(facts, 3), machine, "The GPU with the number 3 cannot be used: kernels for H100 need a driver for CUDA 11.8 or later");
        Says(facts => DeviceChoice.At(facts, 4), machine, "OpenCL C 2.0 or later is needed, and its driver has 1.2.");
        Says(facts => DeviceChoice.At(facts, 5), machine, "There is no GPU with the number 5: there are 0: small, CUDA, 8.0 GiB; 1: large, CUDA, 80.0 GiB; 2: pthread, OpenCL of Portable Computing Language, 16.0 GiB;");
        Says(facts => DeviceChoice.At(facts, 0), new(false, false, []), "There is no GPU with the number 0. CUDA: NVIDIA's driver is not installed");
    }

    [Fact]
    public void Without_a_GPU_the_CPU_computes_and_says_why()
    {
        var reports = new List<string>();
        using var device = IlgpuDevice.CreateBestOrCpu(reports.Add);
        if (device is CpuDevice)
            Assert.StartsWith("The CPU computes instead of a GPU. No GPU can be used. CUDA: ", Assert.Single(reports), StringComparison.Ordinal);
        else
            Assert.Empty(reports);
    }

    [Fact]
    public void The_accelerator_for_debugging_says_what_it_is()
    {
        using var device = IlgpuDevice.CreateCpuAccelerator();
        Assert.Equal("ILGPU's CPU accelerator, which runs kernels as managed code for debugging", device.Name);
    }

    private static void Says(Func<MachineFacts, DeviceFacts> choose, MachineFacts machine, params string[] texts)
    {
        var message = Assert.Throws<InvalidOperationException>(() => choose(machine)).Message;
        foreach (var text in texts)
            Assert.Contains(text, message, StringComparison.Ordinal);
    }
}
