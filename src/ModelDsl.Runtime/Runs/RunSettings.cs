using System.Globalization;
using ModelDsl.Compiled;
using ModelDsl.Training;

namespace ModelDsl.Runs;

/// <summary>The settings that decide the results of a run, apart from its length.</summary>
internal static class RunSettings
{
    /// <summary>The name of the learning rate.</summary>
    public const string LearningRate = "the learning rate";

    private const string BatchSize = "the batch size";

    /// <summary>The network, and the seed of its dropout masks.</summary>
    public static IEnumerable<RunSetting> Of(Model model)
    {
        yield return new RunSetting("the model", model.Description.Name);
        yield return RunSetting.Of("the seed of the model", model.Seed);
        foreach (var (index, layer) in model.Description.Layers.Index())
            yield return new RunSetting($"layer {index + 1}", $"{layer.Name.Trim()} {layer.Kind} {layer.Output}");
        foreach (var parameter in model.Parameters)
            yield return new RunSetting($"'{parameter.Name}'", $"[{string.Join(", ", parameter.Shape)}]{(parameter.IsTrainable ? "" : ", frozen")}");
        foreach (var state in model.States)
            yield return new RunSetting($"'{state.Name}'", $"[{string.Join(", ", state.Shape)}], not trained");
    }

    /// <summary>The training data, and how it is divided into batches.</summary>
    /// <param name="batches">The batches.</param>
    /// <param name="accumulateSteps">The number of batches per update.</param>
    public static IEnumerable<RunSetting> Of(BatchSequence batches, int accumulateSteps = 1)
    {
        yield return Samples("the training data", batches.Source);
        if (batches.Options.MicroBatches is { } microBatches)
            yield return RunSetting.Of(BatchSize, FormattableString.Invariant($"{batches.BatchSize} per update, in {microBatches.Description}"));
        else
            yield return RunSetting.Of(BatchSize, accumulateSteps == 1 ? batches.BatchSize : FormattableString.Invariant($"{batches.BatchSize} in {accumulateSteps} batches per update"));
        yield return RunSetting.Of("shuffling", batches.Options.Shuffle ? "on" : "off");
        yield return RunSetting.Of("the seed of the data", batches.Options.Seed?.ToString(CultureInfo.InvariantCulture) ?? "none");
        yield return RunSetting.Of("DropLast", batches.Options.DropLast);
        if (batches.Options.Grouping is { } grouping)
            yield return RunSetting.Of("the window of the grouping by length", grouping.Window);
    }

    /// <summary>The number of samples, and their columns.</summary>
    public static RunSetting Samples(string name, DataSource? data) => new(name, data switch
    {
        null => "none",
        { KnownCount: { } count } => FormattableString.Invariant($"{count} samples of {Describe(data.Columns)}"),
        _ => $"a stream of {Describe(data.Columns)}",
    });

    /// <summary>Returns a sentence on the learning rate if the batch is larger than that of a checkpoint and the rate is the same; otherwise nothing.</summary>
    /// <param name="saved">The settings in the checkpoint.</param>
    /// <param name="now">The settings of this run.</param>
    public static string OfGrownBatch(IReadOnlyList<RunSetting> saved, IReadOnlyList<RunSetting> now)
    {
        string? Value(IReadOnlyList<RunSetting> settings, string name) => settings.FirstOrDefault(setting => setting.Name == name)?.Value;
        return SamplesPerUpdate(Value(saved, BatchSize)) is { } before && SamplesPerUpdate(Value(now, BatchSize)) is { } after
            ? BatchGrowth.Sentence(before, after, Value(saved, LearningRate) is { } rate && rate == Value(now, LearningRate))
            : "";
    }

    /// <summary>Reads the text of a batch size, such as "32", "16 in 2 batches per update" or "32 per update, in 8 parts".</summary>
    private static long? SamplesPerUpdate(string? text)
    {
        var words = (text ?? "").Split(' ');
        if (!long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var samples))
            return null;
        return words is [_, "in", var batches, ..] && long.TryParse(batches, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? samples * count : samples;
    }

    private static string Describe(IReadOnlyList<ColumnDescription> columns) => ColumnCheck.Describe(columns);
}
