namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>The converter of each operator.</summary>
internal static class OperatorTable
{
    private static readonly Dictionary<string, Action<Node>> Converters = new(
    [
        .. Activations.Converters, .. Arithmetic.Converters, .. Attending.Converters, .. Comparisons.Converters, .. Contractions.Converters, .. Convolutions.Converters, .. Matrices.Converters,
        .. Movements.Converters, .. Normalizations.Converters, .. Pools.Converters, .. Recurrences.Converters, .. Reductions.Converters, .. Resizing.Converters, .. Rotations.Converters,
        .. Selections.Converters, .. Shapes.Converters,
    ]);

    /// <summary>The operators that can be converted.</summary>
    public static IEnumerable<string> Names => Converters.Keys.Order(StringComparer.Ordinal);

    /// <summary>Converts a node.</summary>
    public static void Convert(Node node)
    {
        if (!Converters.TryGetValue(node.Type, out var convert))
            throw node.Unsupported("the operator is not supported. Export the model without it, or import only the part before it: name the last node with Outputs=\"…\".");
        convert(node);
    }
}
