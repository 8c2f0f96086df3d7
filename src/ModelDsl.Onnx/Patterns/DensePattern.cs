using ModelDsl.Compiled;
using ModelDsl.Onnx.Export;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx.Patterns;

/// <summary>x·Wᵀ + b for a matrix x: the operator Gemm.</summary>
internal static class DensePattern
{
    /// <summary>Returns the group whose result is a node; null if there is none.</summary>
    public static PatternMatch? Find(ExportScope scope, int number)
    {
        var node = scope.Node(number);
        if (node is not { Kind: GraphNodeKind.Map, Operands: [var product, var bias] } || !BodyPattern.Matches(node, "Add(x0,x1)"))
            return null;
        if (!Maps.IsWhole(scope, node, product) || !Maps.IsOfLastAxis(scope, node, bias) || !scope.IsReadOnce(product.Node))
            return null;
        var contract = scope.Node(product.Node);
        if (contract is not { Kind: GraphNodeKind.Contract, Domain.Length: 3, Operands: [var input, var weight] } || !contract.Output.Are(0, 2) || !weight.Map.Are(2, 1))
            return null;
        if (!(input.Map is null || input.Map.Are(0, 1)) || !Maps.IsNumbers(scope.Node(weight.Node)))
            return null;
        return new([input.Node, weight.Node, bias.Node], () => new(
            scope.Graph.Add("Gemm", node.Name, [scope.Canonical(input.Node), scope.Canonical(weight.Node), scope.Canonical(bias.Node)], OnnxAttribute.Of("transB", 1)), [0, 1]));
    }
}
