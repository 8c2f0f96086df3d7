using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Transfer;

/// <summary>Keeps features in a file. Its name has a hash of the photos and the weights, so features of others are never read.</summary>
internal static class FeatureFile
{
    // A change of the format needs another number.
    private const int Version = 1;

    /// <summary>Returns the path of the file for the features of these photos.</summary>
    /// <param name="folder">The folder of the file.</param>
    /// <param name="photos">The photos: their paths, sizes and times of change count.</param>
    public static string PathOf(string folder, Photos photos)
    {
        using var text = new MemoryStream();
        using (var writer = new BinaryWriter(text))
        {
            writer.Write(Version);
            writer.Write(Photos.Input.ToString());
            foreach (var number in photos.Chosen)
            {
                var file = new FileInfo(photos.Folder.Files[number].Path);
                writer.Write(number);
                writer.Write(file.FullName);
                writer.Write(file.Length);
                writer.Write(file.LastWriteTimeUtc.Ticks);
            }

            foreach (var weights in Pretrained.Files)
            {
                using var stream = File.OpenRead(weights);
                writer.Write(SHA256.HashData(stream));
            }
        }

        return Path.Combine(folder, $"features-{Convert.ToHexStringLower(SHA256.HashData(text.ToArray()))[..16]}.bin");
    }

    /// <summary>Reads the features of a file; null if there is none, or it is not complete.</summary>
    public static Features? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        using var reader = new BinaryReader(File.OpenRead(path));
        var length = reader.BaseStream.Length;
        var count = length < sizeof(int) ? 0 : reader.ReadInt32();
        if (count < 1 || length != sizeof(int) + (count * (long)sizeof(int) * (2 + Features.Width)))
            return null;

        var features = new Features(new int[count], new int[count], new float[count * Features.Width]);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(features.Files.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(features.Labels.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(features.Values.AsSpan()));
        return features;
    }

    /// <summary>Writes features: to another file that is then renamed, so that the path never has a part of them.</summary>
    public static void Write(string path, Features features)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".tmp";
        using (var writer = new BinaryWriter(File.Create(unfinished)))
        {
            writer.Write(features.Count);
            writer.Write(MemoryMarshal.AsBytes(features.Files.AsSpan()));
            writer.Write(MemoryMarshal.AsBytes(features.Labels.AsSpan()));
            writer.Write(MemoryMarshal.AsBytes(features.Values.AsSpan()));
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
