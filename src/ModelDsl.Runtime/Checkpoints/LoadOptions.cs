namespace ModelDsl;

/// <summary>
/// How <see cref="Model.Load"/> matches a file with a model. By default, both must have exactly the same names and shapes.
/// </summary>
public sealed record LoadOptions
{
    /// <summary>The default options: the file has exactly the model's parameters.</summary>
    public static LoadOptions Default { get; } = new();

    /// <summary>A prefix that is added to every name in the file: a separately trained trunk becomes the <c>trunk.</c> part of a larger model.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// The prefix of the tensors to load, which is removed from their names; other tensors are ignored. It loads a part of a larger model as a model.
    /// </summary>
    public string FilePrefix { get; init; } = "";

    /// <summary>
    /// Rules that convert the tensors of the file, in order: other names, transposed matrices, parts of tensors, several tensors as one. They apply to names without <see cref="FilePrefix"/>, before
    /// <see cref="Rename"/>. <see cref="HuggingFaceRules"/> has those for known files.
    /// </summary>
    /// <example>
    /// <code>
    /// model.Load("model.safetensors", new LoadOptions { Rules = HuggingFaceRules.Gpt2() });
    /// </code>
    /// </example>
    public IReadOnlyList<TensorRule> Rules { get; init; } = [];

    /// <summary>
    /// Rules that convert names of tensors in the file to names of the model, in order. The first rule that matches a name renames it, and the other rules are not applied
    /// to it. A rule without <c>*</c> is a name, or the beginning of a name up to a dot: <c>("features.0.", "conv2D1.")</c> renames
    /// <c>features.0.weight</c> to <c>conv2D1.weight</c>. In a rule with <c>*</c>, each <c>*</c> stands for any characters, as few as possible, which replace the
    /// <c>*</c> of the new name: <c>("*.gamma", "*.weight")</c>. <c>#</c> stands for a whole number, and <c>#+1</c> in the new name for the next number. Rules apply to names without <see cref="FilePrefix"/>; <see cref="Prefix"/> is added to the result.
    /// </summary>
    /// <example>
    /// <code>
    /// model.Load("vgg.safetensors", new LoadOptions { Rename = [("features.0.", "conv2D1."), ("classifier.*.", "dense*.")] });
    /// </code>
    /// </example>
    public IReadOnlyList<(string From, string To)> Rename { get; init; } = [];

    /// <summary>Whether parameters that the file does not have keep their values. By default they are an error.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>
    /// Whether tensors that the model does not have are ignored. By default they are an error, except for 64-bit integers, which are PyTorch's counters, such as
    /// <c>num_batches_tracked</c>.
    /// </summary>
    public bool AllowUnexpected { get; init; }

    /// <summary>
    /// Whether the values of a flattened image have the order <c>[channels, height, width]</c> in the file, as in PyTorch. True permutes the columns of
    /// dense weights after a flattened image, and the parameters of normalizations there, to <c>[height, width, channels]</c>. False loads them unchanged. By
    /// default (null) they are loaded unchanged, but it is an error to load such a parameter from a file that may be from PyTorch: one that this library has not
    /// written, and whose name for the parameter ends as in PyTorch.
    /// </summary>
    /// <example>
    /// <code>
    /// model.Load("lenet.safetensors", new LoadOptions { PermuteChannelsFirst = true });
    /// </code>
    /// </example>
    public bool? PermuteChannelsFirst { get; init; }

    /// <summary>Whether parameters that have another shape in the file keep their values, such as a head for other classes. By default they are an error.</summary>
    public bool AllowMismatched { get; init; }
}
