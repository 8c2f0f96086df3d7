using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// A convolution: y[n, i…, f] = Σ x[n, s·i + d·k − p…, c] · w[f, c, k…] + b[f], channels last; weight [filters, channels / groups, kernel…].
/// </summary>
internal sealed class ConvLayer(int rank) : SpatialLayer(rank)
{
    public override string Kind => $"Conv{Rank}D";

    public override LayerValue? Lower(LayerCall call, LayerScope scope, LayerValue input)
    {
        if (!RequireWindow(scope) || !Accepts(scope, input)) return null;
        var (filters, channels, groups) = (call.Int("filters"), input.Width, call.Int("groups", 1));
        var need = $"a divisor of the {channels} channels before it and of the {filters} filters";
        if (!scope.Require(channels % groups == 0 && filters % groups == 0, "groups", need)) return null;
        var kernels = Kernels(call);
        Window[] windows = [.. kernels.Select((kernel, axis) =>
            Window.Of(call, input.Shape[axis + 1].Value, kernel, call.Int("stride", 1), call.Int("dilation", 1)))];
        if (!Fits(scope, windows)) return null;

        var area = kernels.Aggregate(1, (product, kernel) => product * kernel);
        if (Initializers.Of(scope, "kernelInitializer", "GlorotUniform", area * (channels / groups), area * (filters / groups)) is not { } fill) return null;
        if (scope.Parameter("weight", fill, [filters, channels / groups, .. kernels]) is not { } weight) return null;
        int[] positions = [.. windows.Select(window => window.Positions)];
        if (!scope.Fits($"The output of '{scope.Name}'", [.. positions, filters])) return null;
        var shape = new ConvShape(windows, groups, channels / groups, filters / groups);
        var sum = shape.Contract(scope.NodeName, input.Node, weight);
        if (WithBias(scope, sum, filters, shape.Filter) is not { } node) return null;
        return input with { Node = GraphBuilder.Reshape(scope.NodeName, Shape.Batch([.. positions, filters]), node) };
    }
}
