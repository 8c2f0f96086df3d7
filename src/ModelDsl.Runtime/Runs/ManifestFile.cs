using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelDsl.Files;

namespace ModelDsl.Runs;

/// <summary>The file of a <see cref="Manifest"/>, which contains its own checksum.</summary>
internal static class ManifestFile
{
    public const string Name = "manifest.json";

    /// <summary>Manifests of long runs take some megabytes.</summary>
    private const long GreatestLength = 1 << 30;

    /// <summary>Writes quotation marks and letters of all languages as they are: manifests are not parts of web pages.</summary>
    private static readonly ManifestJson Readable =
        new(new JsonSerializerOptions(ManifestJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The checksum while it is not known: as many characters as a checksum.</summary>
    public static readonly string NoChecksum = new('0', 2 * SHA256.HashSizeInBytes);

    /// <summary>Writes a manifest, whose checksum is <see cref="NoChecksum"/>.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string folder, Manifest manifest)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, Readable.Manifest);
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes)), Position(bytes, NoChecksum));
        OutputFile.Write(Path.Combine(folder, Name), stream => stream.Write(bytes));
    }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or is not the manifest of a checkpoint.</exception>
    /// <exception cref="NewerCheckpointException">The file has a newer version of the format.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static Manifest Read(string folder)
    {
        byte[] bytes;
        using (var stream = InputFile.Open(Path.Combine(folder, Name)))
        {
            if (stream.Length > GreatestLength)
                throw new InvalidDataException($"{Name} has {stream.Length} bytes, too many for a manifest");
            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }

        try
        {
            // A newer version may have other properties, but it has these, and a checksum that tells it from a damaged file.
            var header = JsonSerializer.Deserialize(bytes, ManifestJson.Default.ManifestHeader);
            if (header?.Format != Manifest.FormatName)
                throw new InvalidDataException($"{Name} is not the manifest of a checkpoint");
            CheckSum(bytes, header.Sha256);
            return header.Version <= Manifest.CurrentVersion
                ? JsonSerializer.Deserialize(bytes, ManifestJson.Default.Manifest)!
                : throw new NewerCheckpointException(folder, header);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{Name} cannot be read as a manifest ({exception.Message})", exception);
        }
    }

    private static void CheckSum(byte[] bytes, string? checksum)
    {
        if (checksum?.Length != NoChecksum.Length || !Ascii.IsValid(checksum))
            throw new InvalidDataException($"{Name} has no checksum");
        var zeroed = (byte[])bytes.Clone();
        Encoding.ASCII.GetBytes(NoChecksum, Position(zeroed, checksum));
        if (Convert.ToHexStringLower(SHA256.HashData(zeroed)) != checksum)
            throw new InvalidDataException($"{Name} is damaged: its checksum is wrong");
    }

    private static Span<byte> Position(byte[] bytes, string checksum)
    {
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(checksum));
        return at >= 0 ? bytes.AsSpan(at, checksum.Length) : throw new InvalidDataException($"{Name} has no checksum");
    }
}

/// <summary>The exception for a checkpoint of a newer version of this library. Older checkpoints are not used instead, because nothing is damaged.</summary>
internal sealed class NewerCheckpointException(string folder, ManifestHeader manifest) : InvalidOperationException(
    $"'{folder}' was saved by {manifest.MadeBy?.Library}, in version {manifest.Version} of the format; this library reads version {Manifest.CurrentVersion}. "
    + "Update ModelDsl to continue the run.");
