namespace ModelDsl.Onnx;

/// <summary>Checks the options of files.</summary>
internal static class OnnxOptionsCheck
{
    /// <summary>The names of the properties that every file has, or that an option sets.</summary>
    private static readonly string[] Reserved = [OnnxModelWriter.ModelProperty, OnnxModelWriter.VersionProperty, OnnxModelWriter.LabelsProperty];

    /// <summary>Checks options.</summary>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public static void Check(OnnxExportOptions options)
    {
        if (options.Opset is < OnnxExportOptions.OldestOpset or > OnnxExportOptions.NewestOpset)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Opset, $"ONNX files can be written for the opsets {OnnxExportOptions.OldestOpset} to {OnnxExportOptions.NewestOpset}, but Opset is {options.Opset}.");
        }

        if (!Enum.IsDefined(options.Graph))
            throw new ArgumentException($"Graph is {options.Graph}, which is not one of {string.Join(", ", Enum.GetNames<OnnxExportGraph>())}.", nameof(options));
        if (options.Loss is not null && options.Graph == OnnxExportGraph.Prediction)
            throw new ArgumentException($"Loss is '{options.Loss}', but a file for predictions has no loss: set Graph to OnnxExportGraph.TrainingWithLoss.", nameof(options));
        if (options.NamedOutputs && options.Graph != OnnxExportGraph.Prediction)
            throw new ArgumentException("NamedOutputs is set, but training graphs do not have named values: export them with Graph = OnnxExportGraph.Prediction.", nameof(options));
        if (options.BatchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.BatchSize, $"A file is for at least one sample, but BatchSize is {options.BatchSize}.");
        if (options.DynamicBatch && options.BatchSize != 1)
            throw new ArgumentException($"BatchSize is {options.BatchSize}, but a file with DynamicBatch is for any number of samples: set DynamicBatch to false.", nameof(options));
        if (options.Producer is null || options.Labels is null || options.Metadata is null)
            throw new ArgumentException("Producer, Labels and Metadata of the options must not be null; they can be empty.", nameof(options));
        if (options.Tokens is null || options.Tokens.Any(tokens => tokens is not { Tokenizer: not null, PaddingToken: not null }))
            throw new ArgumentException("Tokens of the options, their tokenizers and their PaddingToken must not be null; Tokens can be empty.", nameof(options));
        if (options.Labels.Contains(null!) || options.Metadata.Any(property => property.Value is null))
            throw new ArgumentException("Labels, and the values of Metadata, must not be null.", nameof(options));
        if (options.Metadata.ContainsKey(""))
            throw new ArgumentException("A property in Metadata has no name.", nameof(options));
        if (options.Labels.FirstOrDefault(label => label.Contains('\n', StringComparison.Ordinal)) is { } label)
            throw new ArgumentException($"Labels are stored separated by line feeds, but the label '{label.ReplaceLineEndings("\\n")}' contains one.", nameof(options));
        if (options.Metadata.Keys.FirstOrDefault(Reserved.Contains) is { } name)
            throw new ArgumentException($"The property '{name}' is written by the export: give the one in Metadata another name.", nameof(options));
    }
}
