using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ModelDsl.Checkpoints;
using ModelDsl.Files;

namespace ModelDsl.Runs;

/// <summary>The files of one checkpoint.</summary>
internal static class CheckpointFiles
{
    public const string ModelFile = "model.safetensors";

    public const string TrainingFile = "training.safetensors";

    /// <summary>Writes all files of a checkpoint into an empty folder. The manifest is the last, so that a folder with a manifest is complete.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="contents">Everything else.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(string folder, Model model, RunContents contents)
    {
        FileRecord[] files =
        [
            WriteModel(Path.Combine(folder, ModelFile), model),
            Write(Path.Combine(folder, TrainingFile), stream => SafetensorsWriter.Write(stream, model.Description.Name, contents.Writer.Tensors)),
        ];
        ManifestFile.Write(folder, new Manifest
        {
            Sha256 = ManifestFile.NoChecksum,
            Format = Manifest.FormatName,
            Version = Manifest.CurrentVersion,
            MadeBy = new MadeBy(
                $"ModelDsl {typeof(Model).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
                RuntimeInformation.FrameworkDescription,
                $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}".ToString(CultureInfo.InvariantCulture),
                model.Device.Name,
                DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            Epochs = contents.Epochs,
            EpochSteps = contents.EpochSteps,
            Steps = contents.Steps,
            Settings = contents.Settings,
            Files = files,
            Values = contents.Writer.Values,
            History = contents.History,
        });
    }

    /// <summary>Writes a model's parameters and states.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="model">The model.</param>
    /// <param name="metadata">Metadata of the file.</param>
    /// <exception cref="IOException">The file cannot be written; an existing file is unchanged.</exception>
    public static FileRecord WriteModel(string path, Model model, params (string Key, string Value)[] metadata)
    {
        using var access = model.Read();
        return Write(path, stream => SafetensorsWriter.Write(
            stream, model.Description.Name, [.. model.Tensors.Select(static tensor => FloatsContent.Of(tensor))], metadata));
    }

    /// <summary>Reads the manifest of a checkpoint, and checks its files.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException">A file is missing or damaged; the message says which.</exception>
    /// <exception cref="NewerCheckpointException">The checkpoint has a newer version of the format.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Manifest Check(string folder)
    {
        var manifest = ManifestFile.Read(folder);
        foreach (var name in (string[])[ModelFile, TrainingFile])
        {
            var record = manifest.Files.FirstOrDefault(file => file.Name == name) ?? throw new InvalidDataException($"its manifest does not list {name}");
            using var stream = InputFile.Open(Path.Combine(folder, name));
            if (stream.Length != record.Bytes)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{name} has {stream.Length:N0} bytes instead of {record.Bytes:N0}"));
            if (Checksum(stream) != record.Sha256)
                throw new InvalidDataException($"{name} is damaged: its checksum is wrong");
        }

        return manifest;
    }

    /// <summary>Returns the checksum of a stream in hexadecimal digits.</summary>
    public static string Checksum(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));

    private static FileRecord Write(string path, Action<Stream> write)
    {
        FileRecord? record = null;
        OutputFile.Write(path, stream =>
        {
            using var hashing = new HashingStream(stream);
            write(hashing);
            record = new FileRecord(Path.GetFileName(path), hashing.Written, hashing.Checksum);
        });
        return record!;
    }
}

/// <summary>What a checkpoint contains apart from the model.</summary>
/// <param name="Epochs">The number of completed epochs.</param>
/// <param name="EpochSteps">The number of completed steps of the current epoch.</param>
/// <param name="Steps">The number of completed steps of the run.</param>
/// <param name="Settings">The settings of the run.</param>
/// <param name="Writer">The values of all objects.</param>
/// <param name="History">The results so far.</param>
internal sealed record RunContents(int Epochs, int EpochSteps, long Steps, IReadOnlyList<RunSetting> Settings, CheckpointWriter Writer, HistoryRecord History);
