using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;
using ModelDsl.Ilgpu.Kernels;
using ModelDsl.Ilgpu.Tests.Ptx;

namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>
/// A driver of these tests in place of CUDA's: it records what it is asked for, and runs the PTX on the machine of these tests, in the memory of this process. It says nothing of whether NVIDIA's driver accepts a text.
/// </summary>
internal sealed class StandInCuda : ICudaApi
{
    private readonly List<PtxProgram> modules = [];
    private readonly Dictionary<nint, PtxProgram> functions = [];

    /// <summary>The calls, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The bytes of the arguments of each launch.</summary>
    public List<byte[]> Arguments { get; } = [];

    /// <summary>The log with which texts are refused; null if they are accepted.</summary>
    public string? Refusal { get; init; }

    /// <summary>The error of each module; null for that of a text that is refused.</summary>
    public CudaError? LoadError { get; init; }

    /// <summary>The number of launches after which the device is lost; null if it never is.</summary>
    public int? LaunchesUntilLoss { get; init; }

    public CudaError LoadModule(out nint module, string ptx, out string? log)
    {
        (module, log) = (0, Refusal);
        if (LoadError is { } error)
            return error;
        if (Refusal is not null)
            return CudaError.CUDA_ERROR_INVALID_PTX;
        modules.Add(PtxProgram.Parse(ptx));
        module = modules.Count;
        Calls.Add("load");
        return CudaError.CUDA_SUCCESS;
    }

    public CudaError GetFunction(out nint function, nint module, string name)
    {
        Calls.Add($"function {name}");
        function = 0;
        if (modules[(int)module - 1].Name != name)
            return CudaError.CUDA_ERROR_NOT_FOUND;

        // Another number than that of the module, so that one cannot stand for the other.
        function = module + 1000;
        functions.Add(function, modules[(int)module - 1]);
        return CudaError.CUDA_SUCCESS;
    }

    public unsafe CudaError Launch(nint function, int groups, int threads, nint extra)
    {
        // CU_LAUNCH_PARAM_BUFFER_POINTER, its value, CU_LAUNCH_PARAM_BUFFER_SIZE, the address of its value, CU_LAUNCH_PARAM_END.
        var list = (nint*)extra;
        Assert.Equal((1, 2, 0), (list[0], list[2], list[4]));
        var bytes = new ReadOnlySpan<byte>((void*)list[1], (int)*(nint*)list[3]);
        if (Arguments.Count >= LaunchesUntilLoss)
            return CudaError.CUDA_ERROR_ILLEGAL_ADDRESS;
        Calls.Add($"launch {groups} x {threads}");
        Arguments.Add(bytes.ToArray());
        new PtxMachine(functions[function]).Arguments(bytes, Views(functions[function], bytes)).Launch(groups, threads);
        return CudaError.CUDA_SUCCESS;
    }

    public CudaError Unload(nint module)
    {
        Calls.Add("unload");
        return CudaError.CUDA_SUCCESS;
    }

    /// <summary>The memory of the views: each is an address and a number of elements, most of them of four bytes.</summary>
    private static List<(ulong Address, ulong Bytes)> Views(PtxProgram program, ReadOnlySpan<byte> bytes)
    {
        var views = new List<(ulong, ulong)>();
        foreach (var (start, end) in program.Structures)
        {
            for (var at = start; at + KernelLayout.ViewBytes <= end; at += KernelLayout.ViewBytes)
                views.Add((MemoryMarshal.Read<ulong>(bytes[at..]), MemoryMarshal.Read<ulong>(bytes[(at + sizeof(ulong))..]) * sizeof(float)));
        }

        return views;
    }
}
