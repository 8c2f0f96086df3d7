using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Class indices for a loss: int [N] or [N, length]; one of them may be a label that is ignored.</summary>
internal sealed class LabelLayer : SourceLayer
{
    public override string Kind => "Label";

    public override LayerValue? Lower(LayerCall call, LayerScope scope)
    {
        var (classes, length) = (call.Int("classes"), call.Int("length"));
        if (!scope.Require(classes > 1, "classes", "at least 2") || !scope.Require(length >= 0, "length", "positive, or left out")) return null;
        if (!Ignored(call, scope, out var ignored)) return null;
        var shape = length == 0 ? Shape.Batch() : Shape.Batch(length);
        return new LayerValue(scope.State.AddColumn(scope.IsTarget, scope.Name, shape, ElementType.Int, classes, isSequence: length > 0, ignored).Node, IsSequence: length > 0);
    }

    /// <summary>Gets the label that is ignored, if there is one; false after reporting. Kernels compare labels as floats.</summary>
    public static bool Ignored(LayerCall call, LayerScope scope, out int? ignored)
    {
        const int Largest = 1 << 24;
        ignored = call.Has("ignore") ? call.Int("ignore") : null;
        return ignored is not (< -Largest or > Largest) || scope.Require(false, "ignore", $"from {-Largest} to {Largest}, such as -100");
    }
}
