using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Class indices that a loss needs: int [N] or [N, length].</summary>
internal sealed class LabelLayer : SourceLayer
{
    public override string Kind => "Label";

    public override Value? Lower(LayerCall call, LayerScope scope)
    {
        var (classes, length) = (call.Int("classes"), call.Int("length"));
        if (!scope.Require(classes > 1, "classes", "at least 2") || !scope.Require(length >= 0, "length", "positive, or left out")) return null;
        var shape = length == 0 ? Shape.Batch() : Shape.Batch(length);
        return new Value(scope.State.AddColumn(scope.IsTarget, scope.Name, shape, ElementType.Int, classes, isSequence: length > 0).Node, IsSequence: length > 0);
    }
}
