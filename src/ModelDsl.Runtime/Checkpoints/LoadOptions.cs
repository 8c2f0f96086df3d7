namespace ModelDsl;

/// <summary>
/// How <see cref="Model.Load"/> matches a file with a model. By default both must have exactly the same names and shapes.
/// </summary>
public sealed record LoadOptions
{
    /// <summary>Exactly the model's parameters.</summary>
    public static LoadOptions Default { get; } = new();

    /// <summary>Put in front of every name in the file: a trunk trained alone becomes the <c>trunk.</c> part of a larger model.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// Only tensors whose names begin with this are taken, and it is removed: the part of a larger model becomes a model of its own.
    /// </summary>
    public string FilePrefix { get; init; } = "";

    /// <summary>
    /// Rules that give tensors of the file the names of the model, in order: the first rule that fits a name renames it, the others are not applied to it
    /// any more. A rule without <c>*</c> is a name or the beginning of one, up to a dot: <c>("features.0.", "conv2D1.")</c> makes
    /// <c>conv2D1.weight</c> of <c>features.0.weight</c>. In a rule with <c>*</c>, each stands for any characters, as few as possible, and is put where the
    /// new name has a <c>*</c>: <c>("*.gamma", "*.weight")</c>. Rules see names without <see cref="FilePrefix"/>, and <see cref="Prefix"/> is put in front of what they give.
    /// </summary>
    /// <example>
    /// <code>
    /// model.Load("vgg.safetensors", new LoadOptions { Rename = [("features.0.", "conv2D1."), ("classifier.*.", "dense*.")] });
    /// </code>
    /// </example>
    public IReadOnlyList<(string From, string To)> Rename { get; init; } = [];

    /// <summary>Parameters the file lacks keep their values. By default that is an error.</summary>
    public bool AllowMissing { get; init; }

    /// <summary>
    /// Tensors the model has nothing for are ignored. By default that is an error, except for 64-bit integers: PyTorch's counters, such as
    /// <c>num_batches_tracked</c>.
    /// </summary>
    public bool AllowUnexpected { get; init; }

    /// <summary>
    /// Whether the values of a flattened picture come in the order <c>[channels, height, width]</c> in the file, as PyTorch has them: true permutes the columns of
    /// dense weights behind a flattened picture, and the parameters of normalisations there, to <c>[height, width, channels]</c>; false takes them as they are. By
    /// default (null) they are taken as they are, and it is an error to load such a parameter from a file that may be PyTorch's: one that this library has not
    /// written and whose name for it ends as in PyTorch.
    /// </summary>
    /// <example>
    /// <code>
    /// model.Load("lenet.safetensors", new LoadOptions { PermuteChannelsFirst = true });
    /// </code>
    /// </example>
    public bool? PermuteChannelsFirst { get; init; }

    /// <summary>Parameters that have another shape in the file keep their values, such as a head for other classes. By default that is an error.</summary>
    public bool AllowMismatched { get; init; }
}

/// <summary>A tensor whose shape in the file is not that in the model.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="InModel">The shape the model needs.</param>
/// <param name="InFile">The shape found.</param>
public sealed record ShapeMismatch(string Name, IReadOnlyList<int> InModel, IReadOnlyList<long> InFile)
{
    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' is [{string.Join(", ", InFile)}] in the file, but [{string.Join(", ", InModel)}] in the model";
}

/// <summary>What <see cref="Model.Load"/> did. Names are the model's.</summary>
/// <param name="Loaded">Parameters and states that were set.</param>
/// <param name="Missing">Parameters the file lacks, which kept their values.</param>
/// <param name="Unexpected">Tensors the model has nothing for.</param>
/// <param name="Mismatched">Parameters that have another shape in the file, which kept their values.</param>
/// <param name="Converted">Parameters that were set from another float type than F32.</param>
public sealed record LoadReport(
    IReadOnlyList<string> Loaded,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<ShapeMismatch> Mismatched,
    IReadOnlyList<string> Converted)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Loaded.Count} loaded ({Converted.Count} converted), {Missing.Count} missing, {Unexpected.Count} unexpected, {Mismatched.Count} of another shape";
}

/// <summary>A file does not hold the parameters of a model. The message lists every difference and what to do; the model is unchanged.</summary>
public sealed class CheckpointMismatchException : Exception
{
    /// <summary>Creates the exception.</summary>
    public CheckpointMismatchException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What differs.</param>
    public CheckpointMismatchException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What differs.</param>
    /// <param name="innerException">The cause.</param>
    public CheckpointMismatchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
