namespace ModelDsl.Images;

/// <summary>Finds images by their file name extensions, in an order that does not depend on the file system.</summary>
internal static class ImageSearch
{
    // Limits the depth for folders that contain themselves through links.
    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 16,
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };

    public static (string[] ClassNames, ImageEntry[] Files) Find(string path, IReadOnlyList<string>? classes, IReadOnlyList<IImageDecoder> decoders)
    {
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"{path}: there is no such folder.");
        string[] classNames = classes is null ? FindClasses(path) : [.. classes];
        if (classNames.Length == 0)
            throw new InvalidDataException($"{path}: has no sub-folders; pictures are expected in one folder per class, such as {Path.Combine(path, "cat")}.");

        var endings = decoders.SelectMany(decoder => decoder.Extensions).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var files = new List<ImageEntry>();
        for (var label = 0; label < classNames.Length; label++)
        {
            var folder = Path.Combine(path, classNames[label]);
            if (!Directory.Exists(folder))
                throw new DirectoryNotFoundException($"{folder}: there is no such folder for the class '{classNames[label]}'.");
            files.AddRange(Directory.EnumerateFiles(folder, "*", Everywhere)
                .Where(file => endings.Contains(Path.GetExtension(file)))
                .Order(StringComparer.Ordinal)
                .Select(file => new ImageEntry(file, label)));
        }

        return (classNames, [.. files]);
    }

    private static string[] FindClasses(string path) =>
        [.. new DirectoryInfo(path).EnumerateDirectories().Where(IsVisible).Select(folder => folder.Name).Order(StringComparer.Ordinal)];

    private static bool IsVisible(DirectoryInfo folder) => (folder.Attributes & Everywhere.AttributesToSkip) == 0;
}
