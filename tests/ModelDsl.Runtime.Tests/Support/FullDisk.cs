using System.Runtime.InteropServices;

namespace ModelDsl.Runtime.Tests.Support;

/// <summary>A disk that becomes full while this process writes a file: from then on the file's descriptor is that of <c>/dev/full</c>. Linux only.</summary>
internal static partial class FullDisk
{
    /// <summary>Makes every later write to a file that this process has open fail, as on a full disk.</summary>
    /// <param name="path">The path of the file, or of the folder whose files are meant.</param>
    public static void At(string path)
    {
        var full = Open("/dev/full", flags: 1);
        Assert.True(full >= 0);
        var found = 0;
        foreach (var link in Directory.GetFiles("/proc/self/fd"))
        {
            if (FileOf(link)?.StartsWith(path, StringComparison.Ordinal) != true)
                continue;
            Assert.True(Duplicate(full, int.Parse(Path.GetFileName(link), System.Globalization.CultureInfo.InvariantCulture)) >= 0);
            found++;
        }

        Assert.Equal(1, found);
        Assert.Equal(0, Close(full));
    }

    /// <summary>Returns the path of a descriptor's file; null if another test has closed it meanwhile.</summary>
    private static string? FileOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
