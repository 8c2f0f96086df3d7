using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// A transposed convolution: y[n, s·i + d·k − p…, f] += x[n, i…, c] · w[c, f, k…], and the bias; weight [channels, filters, kernel…].
/// </summary>
internal sealed class ConvTransposeLayer(int rank) : SpatialLayer(rank)
{
    public override string Kind => $"ConvTranspose{Rank}D";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        if (!RequireWindow(scope)) return null;
        var (stride, dilation, more) = (call.Int("stride", 1), call.Int("dilation", 1), call.Int("outputPadding"));
        var isMoreFine = more == 0 || (more > 0 && more < Math.Max(stride, dilation));
        if (!scope.Require(isMoreFine, "outputPadding", "at least 0 and less than the stride or the dilation") || !Accepts(scope, input)) return null;

        var (filters, channels, kernels) = (call.Int("filters"), input.Width, Kernels(call));
        Window[] windows = [.. kernels.Select((kernel, axis) => OutputWindow(call, input.Shape[axis + 1].Value, kernel, stride, dilation, more))];
        for (var axis = 0; axis < Rank; axis++)
        {
            var need = $"small enough to leave an output: (size − 1)·stride − 2·padding + {windows[axis].Reach} + outputPadding = {windows[axis].Size}";
            if (!scope.Require(windows[axis].Size > 0, "paddingSize", need)) return null;
        }

        var area = kernels.Aggregate(1, (product, kernel) => product * kernel);
        if (Initializers.Of(scope, "kernelInitializer", "GlorotUniform", area * channels, area * filters) is not { } fill) return null;
        if (scope.Parameter("weight", fill, [channels, filters, .. kernels]) is not { } weight) return null;
        int[] sizes = [.. windows.Select(window => window.Size)];
        if (!scope.Fits($"The output of '{scope.Name}'", [.. sizes, filters])) return null;
        var sum = Scatter(scope.NodeName, input.Node, weight, windows, filters);
        return WithBias(scope, sum, filters, Coordinate.Of(Rank + 1)) is { } node ? input with { Node = node } : null;
    }

    private Node Scatter(string name, Node input, Node weight, Window[] windows, int filters)
    {
        var (channel, filter) = (1 + (2 * Rank), 2 + (2 * Rank));
        var positions = Enumerable.Range(1, Rank).ToArray();
        var domain = new Shape(
        [
            Extent.Batch, .. positions.Select(axis => input.Shape[axis]), .. windows.Select(window => (Extent)window.Kernel),
            input.Shape[Rank + 1], filters,
        ]);
        var output = new IndexMap([Coordinate.Of(0), .. windows.Select((window, axis) => window.At(axis + 1, axis + 1 + Rank)), Coordinate.Of(filter)]);
        return GraphBuilder.Contract(
            name,
            Shape.Batch([.. windows.Select(window => window.Size), filters]),
            domain,
            output,
            new Operand(input, IndexMap.Project([0, .. positions, channel])),
            new Operand(weight, IndexMap.Project([channel, filter, .. positions.Select(axis => axis + Rank)])));
    }

    /// <summary>Returns the window that slides over the output; its positions are the values of the input.</summary>
    private static Window OutputWindow(LayerCall call, int positions, int kernel, int stride, int dilation, int more)
    {
        var window = new Window(0, kernel, stride, dilation, 0, 0);
        var full = ((positions - 1) * stride) + window.Reach + more;
        if (call.Int("paddingSize", -1) is >= 0 and var given) return window with { Size = full - (2 * given), Before = given };
        if (call.Word("padding", "Valid") != "Same") return window with { Size = full };
        return window with { Size = (positions * stride) + more, Before = Math.Max(0, window.Reach - stride) / 2 };
    }
}
