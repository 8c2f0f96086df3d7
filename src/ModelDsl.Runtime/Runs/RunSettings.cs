using ModelDsl.Compiled;

namespace ModelDsl.Runs;

/// <summary>The settings that decide the results of a run, apart from its length.</summary>
internal static class RunSettings
{
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
            yield return RunSetting.Of("the batch size", FormattableString.Invariant($"{batches.BatchSize} per update, in {microBatches.Description}"));
        else
            yield return RunSetting.Of("the batch size", accumulateSteps == 1 ? batches.BatchSize : FormattableString.Invariant($"{batches.BatchSize} in {accumulateSteps} batches per update"));
        yield return RunSetting.Of("shuffling", batches.Options.Shuffle ? "on" : "off");
        yield return RunSetting.Of("the seed of the data", batches.Options.Seed?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none");
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

    private static string Describe(IReadOnlyList<ColumnDescription> columns) => ColumnCheck.Describe(columns);
}
