using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Reading;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>What the nodes of a file share.</summary>
/// <param name="opset">The version of the operators.</param>
/// <param name="tensors">Reads tensors.</param>
/// <param name="used">The names of values that a node or an output of the model reads.</param>
internal sealed class ImportScope(long opset, TensorReader tensors, IReadOnlySet<string> used)
{
    private readonly Dictionary<string, Code> weights = [];

    /// <summary>The version of the operators.</summary>
    public long Opset => opset;

    /// <summary>Reads tensors.</summary>
    public TensorReader Tensors => tensors;

    /// <summary>The names of layers and members.</summary>
    public MemberNames Names { get; } = new();

    /// <summary>Whether a value is read.</summary>
    public bool IsUsed(string value) => used.Contains(value);

    /// <summary>
    /// Returns a constant as a property with a weight. A tensor of the file that was trained can be trained further; others are frozen. The same constant in the same order is the same weight.
    /// </summary>
    /// <param name="constant">The constant, in the order of the expression.</param>
    /// <param name="node">The node that reads it.</param>
    /// <param name="order">The order of the axes of the file.</param>
    public Code Weight(Constant constant, Node node, string order = "")
    {
        var source = constant.Source.Length > 0 ? constant.Source : node.Name + " constant";
        var key = constant.Source.Length > 0 ? $"{source} {order} {Sizes.Text(constant.Shape)}" : "";
        if (key.Length > 0 && weights.TryGetValue(key, out var known)) return known;
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
        if (key.Length > 0) weights.Add(key, code);
        return code;
    }
}
