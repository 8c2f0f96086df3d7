using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Embeddings;

/// <summary>
/// Keeps the vectors of passages in a file, so that another run computes only those of new texts. A vector is found by a hash of its text. The name of the file has a hash of the weights, because other
/// weights compute other vectors.
/// </summary>
internal sealed class VectorFile
{
    // A change of the format or of the model needs another number.
    private const int Version = 1;
    private const int KeyLength = SHA256.HashSizeInBytes;
    private const int RecordLength = KeyLength + (Sentences.Width * sizeof(float));

    private readonly string path;
    private readonly Dictionary<string, float[]> vectors = [];

    /// <summary>Reads the file, if there is one.</summary>
    /// <param name="folder">The folder of the file.</param>
    /// <param name="weights">The path of the weights.</param>
    public VectorFile(string folder, string weights)
    {
        using (var stream = File.OpenRead(weights))
            path = Path.Combine(folder, $"vectors-{Version}-{Convert.ToHexStringLower(SHA256.HashData(stream))[..16]}.bin");
        if (!File.Exists(path))
            return;
        using var file = File.OpenRead(path);
        var record = new byte[RecordLength];
        while (file.ReadAtLeast(record, RecordLength, throwOnEndOfStream: false) == RecordLength)
            vectors[Convert.ToHexString(record.AsSpan(0, KeyLength))] = MemoryMarshal.Cast<byte, float>(record.AsSpan(KeyLength)).ToArray();
    }

    /// <summary>Returns the vector of a text, or null if it is not known.</summary>
    public float[]? Find(string text) => vectors.GetValueOrDefault(Key(text));

    /// <summary>Adds the vector of a text.</summary>
    public void Add(string text, float[] vector) => vectors[Key(text)] = vector;

    /// <summary>Writes the file: another one that is then renamed, so that the path never has a part of it.</summary>
    public void Save()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".tmp";
        using (var file = File.Create(unfinished))
        {
            foreach (var (key, vector) in vectors)
            {
                file.Write(Convert.FromHexString(key));
                file.Write(MemoryMarshal.AsBytes(vector.AsSpan()));
            }
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private static string Key(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
