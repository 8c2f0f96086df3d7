using System.Text.Json.Serialization;

namespace ModelDsl.Runs;

/// <summary>The contents of <c>manifest.json</c> in a checkpoint.</summary>
internal sealed record Manifest
{
    public const string FormatName = "modeldsl.checkpoint";

    public const int CurrentVersion = 1;

    /// <summary>The SHA-256 checksum of the manifest itself, with zeros instead of this value.</summary>
    public required string Sha256 { get; init; }

    public required string Format { get; init; }

    public required int Version { get; init; }

    /// <summary>The program and the machine, for readers of the file.</summary>
    public required MadeBy MadeBy { get; init; }

    /// <summary>The number of completed epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>The number of completed steps of the current epoch.</summary>
    public required int EpochSteps { get; init; }

    /// <summary>The number of completed steps of the run.</summary>
    public required long Steps { get; init; }

    public required IReadOnlyList<RunSetting> Settings { get; init; }

    public required IReadOnlyList<FileRecord> Files { get; init; }

    /// <summary>The values of all objects, by their names.</summary>
    public required SortedDictionary<string, string> Values { get; init; }

    public required HistoryRecord History { get; init; }
}

/// <summary>The properties that manifests of all versions have.</summary>
internal sealed record ManifestHeader(string? Sha256, string? Format, int Version, MadeBy? MadeBy);

/// <summary>What a checkpoint was made by.</summary>
internal sealed record MadeBy(string Library, string Runtime, string System, string Device, string Time);

/// <summary>A file of a checkpoint.</summary>
internal sealed record FileRecord(string Name, long Bytes, string Sha256);

/// <summary>The results of a run so far.</summary>
internal sealed record HistoryRecord(IReadOnlyList<EpochRecord> Epochs, IReadOnlyList<string> Warnings, double Seconds);

/// <summary>An <see cref="EpochResult"/>.</summary>
internal sealed record EpochRecord(
    int Epoch, double Loss, IReadOnlyList<MetricValue> Metrics, EvaluationRecord? Validation, double LearningRate, double Seconds, double SamplesPerSecond, double DataShare);

/// <summary>An <see cref="Evaluation"/>.</summary>
internal sealed record EvaluationRecord(double Loss, long Samples, IReadOnlyList<MetricValue> Metrics, IReadOnlyList<MetricValue> Losses);

/// <summary>Reads and writes manifests without reflection, so that it works in programs that are compiled ahead of time.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ManifestHeader))]
internal sealed partial class ManifestJson : JsonSerializerContext;
