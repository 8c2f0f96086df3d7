using System.Collections.Concurrent;
using System.Reflection;
using ModelDsl.Ilgpu.Compiler.Backends;
using ModelDsl.Ilgpu.Compiler.Output;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiler;

/// <summary>Compiles kernels. Those that have not changed are taken from the file of the last build, if the same compiler wrote it for the same version of ModelDsl.</summary>
/// <param name="targets">The architectures of PTX.</param>
/// <param name="last">The file of the last build; null if there is none.</param>
internal sealed class KernelBuild(IReadOnlyList<PtxTarget> targets, KernelFile? last)
{
    /// <summary>Compilers of more threads would take longer to create than they save.</summary>
    private const int MostThreads = 8;

    private readonly bool isFitting = last is not null && last.List.Compiler == Version && last.IsMadeFrom(KernelModules.OfPackages) && last.List.Targets.SequenceEqual(targets);

    /// <summary>The version of the compiler.</summary>
    public static Guid Version => typeof(KernelBuild).Module.ModuleVersionId;

    /// <summary>The kernels that cannot be compiled.</summary>
    public ConcurrentQueue<(MethodInfo Kernel, KernelError Error)> Errors { get; } = [];

    /// <summary>Returns the compiled kernels in the order in which they are given.</summary>
    public IReadOnlyList<KernelResult> Compile(IReadOnlyList<MethodInfo> kernels)
    {
        var results = new KernelResult?[kernels.Count];
        var hashes = new string[kernels.Count];
        var open = new List<int>();
        for (var i = 0; i < kernels.Count; i++)
        {
            try
            {
                hashes[i] = KernelHash.Of(kernels[i]);
                if (Old(kernels[i], hashes[i]) is { } code)
                    results[i] = new(kernels[i], hashes[i], code, false);
                else
                    open.Add(i);
            }
            catch (NotSupportedException exception)
            {
                Errors.Enqueue((kernels[i], KernelError.Of(exception)));
            }
        }

        var queue = new ConcurrentQueue<int>(open);
        var threads = Math.Min(Math.Min(MostThreads, Environment.ProcessorCount), open.Count);
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) }, _ => Work(queue, kernels, hashes, results));
        return [.. results.OfType<KernelResult>()];
    }

    private void Work(ConcurrentQueue<int> queue, IReadOnlyList<MethodInfo> kernels, string[] hashes, KernelResult?[] results)
    {
        while (queue.TryDequeue(out var i))
        {
            try
            {
                results[i] = new(kernels[i], hashes[i], KernelBackends.Compile(kernels[i], targets), true);
            }
            catch (KernelError error)
            {
                Errors.Enqueue((kernels[i], error));
            }
        }
    }

    private KernelCode? Old(MethodInfo kernel, string hash)
    {
        if (!isFitting || !last!.List.Kernels.TryGetValue(KernelNames.Of(kernel), out var item) || item.Hash != hash)
            return null;
        try
        {
            var texts = targets.Select(target => (target.Name, Text: last.Ptx(item, target))).Where(static pair => pair.Text is not null).ToDictionary(static pair => pair.Name, static pair => pair.Text!);
            return new(item.Entry, item.SharedBytes, texts, last.OpenCl(item));
        }
        catch (InvalidDataException)
        {
            // It is damaged, and compiled again.
            return null;
        }
    }
}
