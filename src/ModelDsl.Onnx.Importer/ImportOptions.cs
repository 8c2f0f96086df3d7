namespace ModelDsl.Onnx.Importer;

/// <summary>What is imported, and as what.</summary>
internal sealed record ImportOptions
{
    /// <summary>The path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The name of the model's class.</summary>
    public required string Model { get; init; }

    /// <summary>The namespace of the classes; empty for none.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The path of a safetensors file with trained weights, which the model gets instead of those of the ONNX file; empty for none.</summary>
    public string TrainedWeights { get; init; } = "";

    /// <summary>What the names of the trained weights begin with, such as the name of the block in the model that was trained. Other tensors of the file are ignored.</summary>
    public string TrainedPrefix { get; init; } = "";

    /// <summary>The names of the nodes or values that are the outputs; empty for those of the file.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>The shapes of inputs, by name.</summary>
    public IReadOnlyDictionary<string, long[]> InputShapes { get; init; } = new Dictionary<string, long[]>();

    /// <summary>The axis of the samples of all inputs; −1 if the file computes one sample without such an axis; null to find it.</summary>
    public int? Batch { get; init; }
}
