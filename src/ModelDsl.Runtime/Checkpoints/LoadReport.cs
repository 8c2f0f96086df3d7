using ModelDsl.Checkpoints;

namespace ModelDsl;

/// <summary>A tensor whose shape in the file differs from its shape in the model.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="InModel">The shape in the model.</param>
/// <param name="InFile">The shape in the file, after the rules.</param>
public sealed record ShapeMismatch(string Name, IReadOnlyList<int> InModel, IReadOnlyList<long> InFile)
{
    /// <summary>The tensors of the file, and the rules that changed them; null if it was created without them.</summary>
    public ParameterOrigin? Origin { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' is [{string.Join(", ", InFile)}] in the file, but [{string.Join(", ", InModel)}] in the model{Origin?.Remark}";
}

/// <summary>Where the values of a parameter or state come from.</summary>
/// <param name="Name">The name in the model.</param>
/// <param name="Tensors">The tensors of the file; none if the file does not have it.</param>
/// <param name="Rules">The rules that changed their names or shapes, in order.</param>
public sealed record ParameterOrigin(string Name, IReadOnlyList<SafetensorsEntry> Tensors, IReadOnlyList<TensorRule> Rules)
{
    /// <summary>The tensors and rules in parentheses, for messages; empty if no rule changed the tensor.</summary>
    internal string Remark => Rules.Count == 0 ? "" : $" (from {Sources} by {string.Join(", ", Rules)})";

    private string Sources => string.Join(", ", Tensors.Select(static tensor => $"'{tensor.Name}' [{string.Join(", ", tensor.Shape)}]"));

    /// <inheritdoc/>
    public override string ToString() =>
        Tensors.Count == 0 ? $"'{Name}' is not loaded" : $"'{Name}' from {Sources}{(Rules.Count == 0 ? "" : $" by {string.Join(", ", Rules)}")}";
}

/// <summary>What a tensor of a file was used for.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Parameters">The parameters and states that were set from it.</param>
/// <param name="Reason">Why it was not used; empty if it was.</param>
public sealed record TensorUse(SafetensorsEntry Tensor, IReadOnlyList<string> Parameters, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"'{Tensor.Name}' [{string.Join(", ", Tensor.Shape)}]: {(Parameters.Count == 0 ? Reason : string.Join(", ", Parameters.Select(static name => $"'{name}'")))}";
}

/// <summary>The result of <see cref="Model.Load"/>. Names are those of the model.</summary>
/// <param name="Loaded">Parameters and states that were set.</param>
/// <param name="Missing">Parameters that the file does not have, which kept their values.</param>
/// <param name="Unexpected">Tensors that the model does not have.</param>
/// <param name="Mismatched">Parameters that have another shape in the file, which kept their values.</param>
/// <param name="Converted">Parameters that were converted from another float type than F32.</param>
public sealed record LoadReport(
    IReadOnlyList<string> Loaded,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<ShapeMismatch> Mismatched,
    IReadOnlyList<string> Converted)
{
    /// <summary>For each parameter and state, where its values come from, in the order of the model.</summary>
    public IReadOnlyList<ParameterOrigin> Origins { get; init; } = [];

    /// <summary>For each tensor of the file, what it was used for, in the order of the file.</summary>
    public IReadOnlyList<TensorUse> FileTensors { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Loaded.Count} loaded ({Converted.Count} converted), {Missing.Count} missing, {Unexpected.Count} unexpected, {Mismatched.Count} of another shape";
}
