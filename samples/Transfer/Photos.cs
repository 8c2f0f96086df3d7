using ModelDsl;
using ModelDsl.Images;

namespace Transfer;

/// <summary>The photos of a folder, as the networks read them.</summary>
/// <param name="Folder">The samples, in the order of the files.</param>
/// <param name="Chosen">The numbers of the files that are used.</param>
internal sealed record Photos(ImageFolder Folder, int[] Chosen)
{
    /// <summary>How a photo becomes the input of the networks: they expect numbers from 0 to 255, and were trained with parts of photos that were not stretched.</summary>
    public static ImageInput Input { get; } = new(PhotoNet.Size, PhotoNet.Size) { Scale = 1, Fit = ImageFit.Crop };

    /// <summary>The names of the two kinds.</summary>
    public IReadOnlyList<string> ClassNames => Folder.ClassNames;

    /// <summary>Finds the photos of a folder. They are not read yet.</summary>
    /// <param name="path">The folder with two folders of photos.</param>
    /// <param name="most">The maximum number of photos of a kind.</param>
    /// <exception cref="InvalidDataException">The number of kinds is not two, or a kind has too few photos.</exception>
    public static Photos Find(string path, int most)
    {
        // Damaged photos are found when features are computed. Reading all here would take longer than everything else when features are known.
        var folder = ImageFolder.Open(path, Input, new ImageFolderOptions { CheckFiles = false, CacheBytes = 0 });
        if (folder.ClassNames.Count != 2)
            throw new InvalidDataException($"{path}: has {folder.ClassNames.Count} folders ({string.Join(", ", folder.ClassNames)}); two are expected, one for each kind of photos.");

        int[] chosen = [.. Enumerable.Range(0, folder.Count).GroupBy(file => folder.Files[file].Label).SelectMany(kind => kind.Take(most))];
        return new Photos(folder, chosen);
    }

    /// <summary>The path of a photo within the folder, for messages.</summary>
    public string NameOf(int file) => Path.Combine(ClassNames[Folder.Files[file].Label], Path.GetFileName(Folder.Files[file].Path));
}
