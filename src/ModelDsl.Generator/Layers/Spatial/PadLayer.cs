using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>Adds zeros around the positions of a feature map, or at the start and end of a sequence: [N, …, channels] → the same with larger axes.</summary>
internal sealed class PadLayer : Layer
{
    public override string Kind => "Pad";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var padding = call.Ints("padding");
        if (!scope.Require(padding.Count > 0 && padding.All(count => count >= 0), "padding", "one or more numbers of zeros, such as Pad(1)")) return null;
        var axes = input.Shape.Rank - 2;
        if (axes < 1) return scope.NotAccepted("channels at positions, [N, …, channels]", "");
        if (padding.Count != 1 && padding.Count != axes && padding.Count != 2 * axes)
        {
            var counts = axes == 1 ? "one number for both ends, or two" : $"one number for all sides, {axes} for the sides of each axis, or {2 * axes}";
            return scope.ArgumentNotAccepted("padding", $"{2 * axes} sides to pad, or fewer that stand for them", $"give {counts}, before and behind in turn");
        }

        var start = new int[input.Shape.Rank];
        int[] sizes = [.. input.Shape.Extents.Skip(1).Select(extent => extent.Value)];
        for (var axis = 0; axis < axes; axis++)
        {
            var before = padding.Count == 1 ? padding[0] : padding.Count == axes ? padding[axis] : padding[2 * axis];
            var behind = padding.Count == 2 * axes ? padding[(2 * axis) + 1] : before;
            start[axis + 1] = before;
            sizes[axis] = (int)Math.Min(int.MaxValue, (long)before + sizes[axis] + behind);
        }

        if (!scope.Fits($"The output of '{scope.Name}'", sizes)) return null;
        var shape = Shape.Batch(sizes);
        return shape == input.Shape ? input : input with { Node = GraphBuilder.Pad(scope.NodeName, shape, start, input.Node) };
    }
}
