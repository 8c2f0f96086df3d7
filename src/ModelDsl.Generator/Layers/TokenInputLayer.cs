using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Token ids: int [N, T], each below the vocabulary's size.</summary>
internal sealed class TokenInputLayer : SourceLayer
{
    public override string Kind => "TokenInput";

    public override LayerValue? Lower(LayerCall call, LayerScope scope)
    {
        var (length, vocabulary) = (call.Int("length"), call.Int("vocabulary"));
        var valid = scope.Require(length > 0, "length", "positive") & scope.Require(vocabulary > 0, "vocabulary", "positive");
        if (!valid || !scope.Fits("The input", length)) return null;
        var padding = call.Has("padding") ? call.Int("padding") : (int?)null;
        if (!scope.Require(padding is not (< 0) && !(padding >= vocabulary), "padding", $"one of the tokens 0 to {vocabulary - 1}")) return null;
        var column = scope.State.AddColumn(scope.IsTarget, scope.Name, Shape.Batch(length), ElementType.Int, vocabulary, isSequence: true);
        return new LayerValue(column.Node, IsSequence: true) { Mask = padding is { } token ? PositionMask.Of(column.Node, token) : null };
    }
}
