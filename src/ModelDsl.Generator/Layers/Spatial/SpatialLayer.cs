using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Layers;

/// <summary>A layer over images [N, height, width, channels] or sequences [N, T, channels], channels last.</summary>
/// <param name="rank">The number of axes of windows: 2 or 1.</param>
internal abstract class SpatialLayer(int rank) : Layer
{
    protected int Rank { get; } = rank;

    /// <summary>Whether the input has the axes that the layer needs; false after reporting.</summary>
    protected bool Accepts(LayerScope scope, LayerValue input)
    {
        if (input.Shape.Rank == Rank + 2) return true;
        var need = Rank == 2 ? "images, [N, height, width, channels]" : "a sequence with channels, [N, T, channels]";
        var other = Kind.Replace($"{Rank}D", $"{3 - Rank}D");
        var suggestion = input.Shape.Rank == 5 - Rank && LayerTable.TryFind(other) is not null ? $"did you mean {other}, or a Reshape before it?"
            : input.Shape.Rank < Rank + 2 ? "did you mean a Reshape before it?" : "";
        scope.NotAccepted(need, suggestion);
        return false;
    }

    protected static bool RequirePositive(LayerScope scope, params string[] arguments) =>
        arguments.All(argument => scope.Require(scope.Call.Int(argument, 1) > 0, argument, "positive"));

    /// <summary>Checks the common arguments of windows; false after reporting.</summary>
    protected static bool RequireWindow(LayerScope scope) =>
        RequirePositive(scope, "filters", "kernel", "stride", "dilation", "groups")
        && scope.Require(scope.Call.Int("kernelWidth") >= 0, "kernelWidth", "positive, or 0 for a square window")
        && scope.Require(scope.Call.Int("paddingSize", -1) >= -1, "paddingSize", "at least 0, or −1 for none of its own");

    /// <summary>Whether every window fits at least once; false after reporting.</summary>
    protected static bool Fits(LayerScope scope, IReadOnlyList<Window> windows)
    {
        var channelsFirst = ChannelsFirst.Of(scope.Input!);
        if (windows.FirstOrDefault(window => window.Positions <= 0) is not { } wrong)
        {
            channelsFirst?.Report(scope);
            return true;
        }

        var call = scope.Call;
        var argument = call.Has("window") ? "window" : "kernel";
        var most = ((wrong.Size + wrong.Before + wrong.Behind - 1) / wrong.Dilation) + 1;
        scope.Report(Problem.At(
            Descriptors.WindowTooLarge.Id,
            call.SiteOf(argument),
            call.Text,
            wrong.Reach.ToString(LayerNames.Invariant),
            scope.Producer,
            scope.Input!.ShapeText,
            wrong.Formula,
            scope.PathToHere,
            LayerScope.After(channelsFirst?.Suggestion ?? $"did you mean a {argument} of at most {most}, or Padding.Same?")).With(scope.Input.Trail!.Site)
            .Suggest(channelsFirst?.Repair ?? (most > 0 ? Repair.Write(call.SiteOf(argument), most.ToString(LayerNames.Invariant), $"Write {most}") : null)));
        return false;
    }

    /// <summary>Adds a bias to the channels, if the layer has one; null after reporting.</summary>
    protected static Node? WithBias(LayerScope scope, Node sum, int filters, Coordinate channel)
    {
        if (!scope.Call.Flag("useBias", true)) return sum;
        if (Initializers.Of(scope, "biasInitializer", "Zeros", 0, 0, scaled: false) is not { } fill) return null;
        if (scope.Parameter("bias", fill, filters) is not { } bias) return null;
        return GraphBuilder.Map(scope.NodeName, sum.Shape, Add(Input(0), Input(1)), Operand.Whole(sum), new Operand(bias, new([channel])));
    }

    /// <summary>Returns the kernel size along each axis.</summary>
    protected int[] Kernels(LayerCall call)
    {
        var kernel = call.Int("kernel", call.Int("window"));
        return Rank == 1 ? [kernel] : [kernel, call.Int("kernelWidth") is > 0 and var width ? width : kernel];
    }
}
