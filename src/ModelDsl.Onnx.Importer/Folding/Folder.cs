using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Folding;

/// <summary>Computes nodes whose inputs are all known, such as arithmetic on shapes and on weights.</summary>
internal static class Folder
{
    private static readonly Dictionary<string, Action<Node>> Table = new([.. Sources.Folds, .. ElementFolds.Folds, .. MovementFolds.Folds, .. MatrixFolds.Folds, .. Joins.Folds]);

    /// <summary>Computes the outputs of a node, if all its inputs are known; false if it has to be converted.</summary>
    public static bool TryFold(Node node)
    {
        if (node.Inputs.Any(input => input is Tensor) || !Table.TryGetValue(node.Type, out var fold)) return false;
        try
        {
            fold(node);
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or OverflowException or ArgumentException or DivideByZeroException or InvalidOperationException or NullReferenceException)
        {
            throw node.Damaged($"it cannot be computed: {exception.Message}");
        }

        return true;
    }

    /// <summary>Fails if a result would need too much memory.</summary>
    public static int Count(Node node, long[] shape)
    {
        var count = Sizes.CountOf(shape);
        node.Require(count is not null && count <= Sizes.MostComputed, $"its result {Sizes.Text(shape)} is too large to be computed while the project is built.");
        return (int)count.Value;
    }
}
