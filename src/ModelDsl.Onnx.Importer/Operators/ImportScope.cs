using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Reading;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>What the nodes of a file share.</summary>
/// <param name="opset">The version of the operators.</param>
/// <param name="tensors">Reads tensors.</param>
/// <param name="used">The names of values that a node or an output of the model reads.</param>
/// <param name="model">The name of the class.</param>
internal sealed class ImportScope(long opset, TensorReader tensors, IReadOnlySet<string> used, string model)
{
    private readonly Dictionary<string, List<(Constant Constant, Code Code)>> weights = [];

    /// <summary>The version of the operators.</summary>
    public long Opset => opset;

    /// <summary>Reads tensors.</summary>
    public TensorReader Tensors => tensors;

    /// <summary>The names of layers and members.</summary>
    public MemberNames Names { get; } = new(model);

    /// <summary>Whether a value is read.</summary>
    public bool IsUsed(string value) => used.Contains(value);

    /// <summary>
    /// Returns a constant as a property with a weight. A tensor of the file that was trained can be trained further; others are frozen. The same numbers of the same origin are the same weight.
    /// </summary>
    /// <param name="constant">The constant, in the order of the expression.</param>
    /// <param name="node">The node that reads it.</param>
    /// <param name="order">The order of the axes of the file.</param>
    public Code Weight(Constant constant, Node node, string order = "")
    {
        var source = constant.Source.Length > 0 ? constant.Source : node.Name + " constant";
        var key = constant.Source.Length > 0 ? $"{source} {order} {Sizes.Text(constant.Shape)}" : "";
        Broadcasts.RequireNoSamples(node, constant);

        // The origin does not identify the numbers: a constant that is computed from another may have the name of that one.
        if (weights.GetValueOrDefault(key)?.Find(known => known.Constant.IsTrained == constant.IsTrained && known.Constant.Floats.AsSpan().SequenceEqual(constant.Floats)).Code is { } same) return same;
        var shape = constant.Shape.Length == 0 ? [1] : constant.Shape;
        var count = Sizes.CountOf(shape);
        node.Require(count is > 0 and <= Sizes.MostComputed, $"a constant of shape {Sizes.Text(shape)} is too large.");
        var property = Names.Property(source);
        var declaration = $"    [Weight({string.Join(", ", shape)}, Name = \"{property.Weight}\"{(constant.IsTrained ? "" : ", Frozen = true")})]\n    private static partial Tensor {property.Name} {{ get; }}";
        var code = new Code(property.Name, Precedence.Primary)
        {
            IsName = true,
            Members = [new Member(property.Name, declaration)],
            Weights = [new(property.Weight, shape, () => constant.All())],
        };
        if (key.Length > 0)
        {
            if (!weights.TryGetValue(key, out var all)) weights.Add(key, all = []);
            all.Add((constant, code));
        }

        return code;
    }
}
