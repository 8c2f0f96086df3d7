using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Numbers of a fixed shape: float [N, shape…].</summary>
internal class InputLayer : SourceLayer
{
    public override string Kind => "Input";

    public override LayerValue? Lower(LayerCall call, LayerScope scope)
    {
        var shape = call.Ints("shape");
        if (!scope.Require(shape.Count > 0 && shape.All(size => size > 0), "shape", $"one or more positive sizes, such as {Kind}(28, 28); the number of samples is not among them")) return null;
        if (!scope.Fits("The input", [.. shape])) return null;
        var column = scope.State.AddColumn(scope.IsTarget, scope.Name, Shape.Batch([.. shape]), ElementType.Float, 0, isSequence: false);
        return new LayerValue(column.Node);
    }
}

/// <summary>Numbers that only a loss reads: float [N, shape…].</summary>
internal sealed class TargetLayer : InputLayer
{
    public override string Kind => "Target";
}
