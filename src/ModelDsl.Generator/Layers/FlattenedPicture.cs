using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// Detects that a layer reads the values of a flattened image. Frameworks with channels first flatten an image in another order, so the parameters of such a layer have
/// another order there.
/// </summary>
internal static class FlattenedPicture
{
    /// <summary>Stores the shape of the image for parameters whose last axis corresponds to the values of a layer's input. Does nothing if the input is not a flattened image.</summary>
    /// <param name="state">Receives the shape.</param>
    /// <param name="input">The layer's input.</param>
    /// <param name="parameters">The parameters and states.</param>
    public static void Note(LoweringState state, LayerValue input, params ParameterNode?[] parameters)
    {
        if (Before(input) is not { } shape) return;
        foreach (var parameter in parameters)
        {
            if (parameter is not null) state.Pictures[parameter.Name] = shape;
        }
    }

    /// <summary>Returns the shape of the sample before it was flattened, channels last; null if the value is not a flattened image.</summary>
    private static IReadOnlyList<int>? Before(LayerValue input)
    {
        for (var step = input.Trail; step is { Call: { } call, Previous: { } previous }; step = previous)
        {
            var shape = previous.Result;
            if (call.Kind is "Flatten" or "Reshape") return step.Result.Rank == 2 && IsPicture(shape, previous) ? [.. shape.Extents.Skip(1).Select(extent => extent.Value)] : null;
            if (!KeepsOrder(call.Kind)) return null;
        }

        return null;
    }

    /// <summary>Whether the order of a sample's values would be different with channels first. A shape with one axis of positions is an image if it comes from a convolution.</summary>
    private static bool IsPicture(Shape shape, Trail step)
    {
        if (!shape.HasBatch || shape.Rank < 3) return false;
        var channels = shape[shape.Rank - 1].Value;
        if (channels == 1 || shape.Length == channels) return false;
        return shape.Rank == 4 || step.Back.Any(layer => layer.Call?.Kind is "Conv1D" or "MaxPool1D" or "AveragePool1D");
    }

    private static bool KeepsOrder(string layer) => LayerTable.TryFind(layer) is PointwiseLayer or DropoutLayer or BatchNormLayer or LayerNormLayer or RmsNormLayer;
}
