namespace QuickStart;

/// <summary>Finds what belongs to this program wherever it is started from.</summary>
internal static class Folders
{
    /// <summary>The nearest folder above (or at) a path that holds a file of that name, or null.</summary>
    public static string? Above(string path, string file)
    {
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, file)))
                return folder.FullName;
        }

        return null;
    }
}
