using System.Reflection;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>The files of kernels of the assemblies of a program.</summary>
/// <param name="find">Returns the path of the file of an assembly; null if there is none.</param>
internal sealed class KernelFiles(Func<Assembly, string?> find) : IDisposable
{
    private readonly Dictionary<Assembly, Opened> files = [];

    /// <summary>Creates the files that lie beside the assemblies.</summary>
    public KernelFiles()
        : this(Beside)
    {
    }

    /// <summary>The number of assemblies whose files were searched for.</summary>
    public int Count => files.Count;

    /// <summary>Returns the entry of a kernel, and its file; null with the reason if there is none.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="reason">Why there is none.</param>
    public (KernelFile File, KernelItem Kernel)? Find(MethodInfo kernel, out string reason)
    {
        // The kernels of this assembly are in the file of each project.
        var assembly = kernel.Module.Assembly;
        IEnumerable<Opened> candidates = assembly == typeof(KernelFiles).Assembly ? files.Values : [Open(assembly)];
        var name = KernelNames.Of(kernel);
        reason = "no file of kernels was built";
        foreach (var opened in candidates)
        {
            if (opened.File is not { } file)
                reason = opened.Reason;
            else if (!file.List.Kernels.TryGetValue(name, out var item))
                reason = "the file does not contain it";
            else if (!opened.IsSame && !HasHash(kernel, item.Hash))
                reason = "the file was made from another version of the code";
            else
                return (file, item);
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var opened in files.Values)
            opened.File?.Dispose();
        files.Clear();
    }

    private static bool HasHash(MethodInfo kernel, string hash)
    {
        try
        {
            return KernelHash.Of(kernel) == hash;
        }
        catch (NotSupportedException)
        {
            // The code cannot be compared.
            return false;
        }
    }

    private Opened Open(Assembly assembly)
    {
        if (files.TryGetValue(assembly, out var opened))
            return opened;
        try
        {
            opened = find(assembly) is { } path && KernelFile.Open(path) is { } file
                ? new(file, file.IsMadeFrom(KernelModules.Of(assembly)), "") : new(null, false, $"there is no {assembly.GetName().Name}{KernelFile.Extension} beside the program");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            opened = new(null, false, exception.Message);
        }

        files.Add(assembly, opened);
        return opened;
    }

    private static string? Beside(Assembly assembly)
    {
        var name = assembly.GetName().Name + KernelFile.Extension;
        var folders = new[] { Path.GetDirectoryName(assembly.Location), AppContext.BaseDirectory };
        return folders.Where(static folder => !string.IsNullOrEmpty(folder)).Select(folder => Path.Combine(folder!, name)).FirstOrDefault(File.Exists);
    }

    private sealed record Opened(KernelFile? File, bool IsSame, string Reason);
}
