using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>The maximum or the mean of each window, for each channel. Only elements inside the input count.</summary>
internal sealed class PoolLayer(int rank, bool isMax) : SpatialLayer(rank)
{
    public override string Kind => $"{(isMax ? "Max" : "Average")}Pool{Rank}D";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        var size = call.Int("window");
        if (!RequirePositive(scope, "window") || !scope.Require(call.Int("stride") >= 0, "stride", "positive, or 0 for the window's size")) return null;
        var padding = call.Int("paddingSize", -1);
        if (!scope.Require(padding >= -1 && padding <= size / 2, "paddingSize", "at most half of the window, or −1 for none of its own")) return null;
        if (!Accepts(scope, input)) return null;
        if (input.Mask is not null)
        {
            return scope.NotAccepted(
                "a sequence without padding", "its windows would take padding in: did you mean GlobalAveragePool, which leaves it out, or a TokenInput without Padding?");
        }

        var stride = call.Int("stride") is > 0 and var given ? given : size;
        Window[] windows = [.. Enumerable.Range(1, Rank).Select(axis => Window.Of(call, input.Shape[axis].Value, size, stride, 1))];
        if (!Fits(scope, windows)) return null;
        var pooled = Pool(scope.NodeName, input.Node, windows);
        return input with { Node = isMax ? pooled : Mean(scope.NodeName, pooled, windows) };
    }

    private Node Pool(string name, Node input, Window[] windows)
    {
        var positions = Enumerable.Range(1, Rank).ToArray();
        var channel = 1 + (2 * Rank);
        var shape = Shape.Batch([.. windows.Select(window => window.Positions), input.Shape[Rank + 1].Value]);
        var domain = Shape.Batch([.. windows.Select(window => window.Positions), .. windows.Select(window => window.Kernel), input.Shape[Rank + 1].Value]);
        var read = new IndexMap([Coordinate.Of(0), .. windows.Select((window, axis) => window.At(axis + 1, axis + 1 + Rank)), Coordinate.Of(channel)]);
        return GraphBuilder.Reduce(
            name, isMax ? ReduceOp.Max : ReduceOp.Sum, shape, domain, IndexMap.Project([0, .. positions, channel]), Input(0), new Operand(input, read));
    }

    private static Node Mean(string name, Node sum, Window[] windows)
    {
        var (scale, count) = (1.0, One);
        for (var axis = 0; axis < windows.Length; axis++)
        {
            var window = windows[axis];
            if (window.Before == 0 && ((window.Positions - 1) * window.Stride) + window.Reach <= window.Size)
            {
                scale /= window.Kernel;
                continue;
            }

            // The elements of the window that are inside: those before its end and the end of the axis, without those before the start of the axis.
            var start = Subtract(Multiply(Const(window.Stride), Index(axis + 1)), Const(window.Before));
            var inside = Subtract(Minimum(Add(start, Const(window.Kernel)), Const(window.Size)), Maximum(start, Zero));
            count = Multiply(count, inside);
        }

        var mean = Multiply(Input(0), Const(scale));
        return GraphBuilder.Pointwise(name, count is Constant ? mean : Divide(mean, count), sum);
    }
}
