namespace ModelDsl;

/// <summary>What an ONNX file contains, and for which version of the format.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The oldest version of the operators that files can be written for.</summary>
    public const int OldestOpset = 17;

    /// <summary>The newest version of the operators that files can be written for.</summary>
    public const int NewestOpset = 23;

    /// <summary>Which computation the file has: predictions, or the forward part of a training step.</summary>
    public OnnxExportGraph Graph { get; init; }

    /// <summary>The name of the loss in a training graph. It is needed if each of several losses trains a part of the model.</summary>
    public string? Loss { get; init; }

    /// <summary>The version of the operators, from <see cref="OldestOpset"/> to <see cref="NewestOpset"/>. Newer ones have operators for more layers, such as Gelu since 20.</summary>
    public int Opset { get; init; } = 21;

    /// <summary>Whether the file is for any number of samples: the first axis of inputs and outputs is called <c>batch</c>. If not, it is for <see cref="BatchSize"/> samples.</summary>
    public bool DynamicBatch { get; init; } = true;

    /// <summary>The number of samples of a file without <see cref="DynamicBatch"/>.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>
    /// Whether outputs are those of <c>Predict</c>, after the softmax or the sigmoid of the loss. If not, they are those of <c>PredictLogits</c>. For a loss without such a function the two are
    /// the same. Training graphs have the outputs without it.
    /// </summary>
    public bool ApplyOutputActivation { get; init; } = true;

    /// <summary>Whether values inside the network that <c>[Output]</c> names are outputs of the file too.</summary>
    public bool NamedOutputs { get; init; }

    /// <summary>What the file computes of an input before the network reads it; null for nothing.</summary>
    public OnnxPreprocessing? Preprocessing { get; init; }

    /// <summary>The inputs of token ids that are strings in the file, such as words, which the file converts to ids. Empty for none.</summary>
    public IReadOnlyList<OnnxTokens> Tokens { get; init; } = [];

    /// <summary>
    /// Whether the parameters are in a second file beside the ONNX file, with <c>.data</c> after its name. It is needed for parameters of 2 GB or more, and the two files must stay together.
    /// </summary>
    public bool ExternalData { get; init; }

    /// <summary>The software that is named as the producer of the file.</summary>
    public string Producer { get; init; } = "ModelDsl";

    /// <summary>The version of the model, which is stored in the file.</summary>
    public long ModelVersion { get; init; } = 1;

    /// <summary>The names of the classes in the order of the model's output; they are stored as the property <c>labels</c>, separated by line feeds. Empty for none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Further properties that are stored in the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
