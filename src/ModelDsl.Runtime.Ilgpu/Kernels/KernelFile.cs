using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
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

    /// <summary>The name of the text in OpenCL C among the texts of a kernel.</summary>
    public const string OpenClName = "opencl";

    private const int SumDigits = 16;

    private readonly string path;
    private readonly ZipArchive archive;

    private KernelFile(string path, ZipArchive archive, KernelList list)
    {
        this.path = path;
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
            return new(path, archive, KernelList.Read(list));
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException)
        {
            archive?.Dispose();
            throw new InvalidDataException($"'{path}' cannot be used: {exception.Message}. Build the project again.", exception);
        }
    }

    /// <summary>Returns the PTX of a kernel; null if there is none for the architecture.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public string? Ptx(KernelItem kernel, PtxTarget target) => Text(kernel, target.Name, PtxEntry(kernel.File, target.Name));

    /// <summary>Returns the OpenCL C of a kernel; null if it is for CUDA only.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public string? OpenCl(KernelItem kernel) => Text(kernel, OpenClName, OpenClEntry(kernel.File));

    /// <summary>The name of a text.</summary>
    public static string PtxEntry(string file, string target) => $"{target}/{file}.ptx";

    /// <summary>The name of a text.</summary>
    public static string OpenClEntry(string file) => $"opencl/{file}.cl";

    /// <summary>The checksum of a text.</summary>
    public static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..SumDigits];

    /// <summary>Whether the file was made from the assemblies of this process: the code of its kernels is then the same.</summary>
    /// <param name="modules">The assemblies.</param>
    public bool IsMadeFrom(IEnumerable<Assembly> modules) =>
        List.Ilgpu == IlgpuVersion && modules.All(module => List.Modules.TryGetValue(module.GetName().Name!, out var version) && version == module.ManifestModule.ModuleVersionId);

    /// <inheritdoc/>
    public void Dispose() => archive.Dispose();

    /// <summary>Returns a text that the list names; null if it does not.</summary>
    private string? Text(KernelItem kernel, string name, string entry)
    {
        if (!kernel.Texts.TryGetValue(name, out var sum))
            return null;
        try
        {
            if (Text(archive, entry) is { } text && Sum(text) == sum)
                return text;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or NotSupportedException)
        {
            throw Damaged(entry, exception);
        }

        throw Damaged(entry, null);
    }

    private InvalidDataException Damaged(string entry, Exception? exception) => new($"'{path}' is damaged: its entry {entry} is missing or was changed. Build the project again.", exception);

    private static string? Text(ZipArchive archive, string name)
    {
        if (archive.GetEntry(name) is not { } entry)
            return null;
        using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
