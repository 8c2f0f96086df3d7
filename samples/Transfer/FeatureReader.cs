using System.Diagnostics;
using System.Globalization;

namespace Transfer;

/// <summary>Computes the features of photos, or reads them from the file of an earlier run.</summary>
internal static class FeatureReader
{
    private const int BatchSize = 32;

    /// <summary>Returns the features of all photos that can be read.</summary>
    /// <param name="photos">The photos.</param>
    /// <param name="folder">The folder where features are kept.</param>
    /// <param name="cancellation">Ends the computation.</param>
    public static Features Read(Photos photos, string folder, CancellationToken cancellation)
    {
        using var net = new PhotoNet(seed: 1);
        Pretrained.Load(net);
        var path = FeatureFile.PathOf(folder, photos);
        if (FeatureFile.Read(path) is { } kept && IsCurrent(net, photos, kept))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The features of {kept.Count:N0} photos are in {path}."));
            return kept;
        }

        var watch = Stopwatch.StartNew();
        var features = Compute(net, photos, cancellation);
        FeatureFile.Write(path, features);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Computed the features of {features.Count:N0} photos in {watch.Elapsed.TotalSeconds:0} s: {path}"));
        return features;
    }

    /// <summary>Computes the features of the first photo again: they differ if the network or the code for reading photos has changed.</summary>
    private static bool IsCurrent(PhotoNet net, Photos photos, Features kept) =>
        Pixels(photos, kept.Files[0]) is { } first && net.PredictFeatures(first).AsSpan().SequenceEqual(kept[0]);

    private static Features Compute(PhotoNet net, Photos photos, CancellationToken cancellation)
    {
        List<int> files = [];
        List<float> values = [];
        foreach (var chunk in photos.Chosen.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            List<float> pixels = [];
            foreach (var file in chunk)
            {
                if (Pixels(photos, file) is { } photo)
                {
                    files.Add(file);
                    pixels.AddRange(photo);
                }
            }

            if (pixels.Count > 0)
                values.AddRange(net.PredictFeatures(pixels.ToArray()));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files.Count:N0} of {photos.Chosen.Length:N0} photos"));
        }

        return new Features([.. files], [.. files.Select(file => photos.Folder.Files[file].Label)], [.. values]);
    }

    /// <summary>Reads a photo; null, with a message, if it is damaged.</summary>
    private static float[]? Pixels(Photos photos, int file)
    {
        try
        {
            return Photos.Input.Read(photos.Folder.Files[file].Path);
        }
        catch (InvalidDataException damaged)
        {
            Console.WriteLine($"Left out: {damaged.Message}");
            return null;
        }
    }
}
