using System.IO.Compression;
using System.Reflection;
using System.Text;
using ILGPU;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>
/// The file of kernels that a build writes beside an assembly: a ZIP archive with a list, and a text per kernel and kind of device. It is read into memory, so that a build can replace it while a program runs.
/// </summary>
internal sealed class KernelFile : IDisposable
{
    /// <summary>The extension of the file. Its name is that of the assembly.</summary>
    public const string Extension = ".kernels";

    private readonly ZipArchive archive;

    private KernelFile(ZipArchive archive, KernelList list)
    {
        this.archive = archive;
        List = list;
    }

    /// <summary>What the file contains.</summary>
    public KernelList List { get; }

    /// <summary>The version of ILGPU in this process.</summary>
    public static string IlgpuVersion { get; } = typeof(Context).Assembly.GetName().Version!.ToString();

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="InvalidDataException">It is damaged, or was written by another version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static KernelFile Open(string path)
    {
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(new MemoryStream(File.ReadAllBytes(path)));
            var list = Text(archive, KernelList.FileName) ?? throw new InvalidDataException($"it does not contain {KernelList.FileName}");
            return new(archive, KernelList.Read(list));
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException)
        {
            archive?.Dispose();
            throw new InvalidDataException($"'{path}' cannot be used: {exception.Message}. Build the project again.", exception);
        }
    }

    /// <summary>Returns the PTX of a kernel; null if there is none for the architecture.</summary>
    public string? Ptx(KernelItem kernel, PtxTarget target) => Text(archive, PtxEntry(kernel.File, target.Name));

    /// <summary>Returns the OpenCL C of a kernel; null if it is for CUDA only.</summary>
    public string? OpenCl(KernelItem kernel) => Text(archive, OpenClEntry(kernel.File));

    /// <summary>The name of a text.</summary>
    public static string PtxEntry(string file, string target) => $"{target}/{file}.ptx";

    /// <summary>The name of a text.</summary>
    public static string OpenClEntry(string file) => $"opencl/{file}.cl";

    /// <summary>Whether the file was made from the assemblies of this process: the code of its kernels is then the same.</summary>
    /// <param name="modules">The assemblies.</param>
    public bool IsMadeFrom(IEnumerable<Assembly> modules) =>
        List.Ilgpu == IlgpuVersion && modules.All(module => List.Modules.TryGetValue(module.GetName().Name!, out var version) && version == module.ManifestModule.ModuleVersionId);

    /// <inheritdoc/>
    public void Dispose() => archive.Dispose();

    private static string? Text(ZipArchive archive, string name)
    {
        if (archive.GetEntry(name) is not { } entry)
            return null;
        using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
