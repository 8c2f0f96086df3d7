using System.IO.Compression;
using System.Text;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiler.Output;

/// <summary>Writes the file that is copied beside the assembly.</summary>
internal static class KernelFileWriter
{
    /// <summary>ZIP archives contain times. A fixed one makes the file a function of its contents.</summary>
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the file, at once: a build that is stopped leaves the old one.</summary>
    /// <param name="path">The path.</param>
    /// <param name="list">The list.</param>
    /// <param name="kernels">The kernels.</param>
    public static void Write(string path, KernelList list, IEnumerable<KernelResult> kernels)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".new";
        using (var archive = new ZipArchive(File.Create(temporary), ZipArchiveMode.Create))
        {
            Add(archive, KernelList.FileName, list.Write());
            foreach (var kernel in kernels)
            {
                foreach (var (target, text) in kernel.Code.Ptx)
                    Add(archive, KernelFile.PtxEntry(kernel.Item.File, target), text);
                if (kernel.Code.OpenCl is { } openCl)
                    Add(archive, KernelFile.OpenClEntry(kernel.Item.File), openCl);
            }
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static void Add(ZipArchive archive, string name, string text)
    {
        var entry = archive.CreateEntry(name);
        entry.LastWriteTime = Time;
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
