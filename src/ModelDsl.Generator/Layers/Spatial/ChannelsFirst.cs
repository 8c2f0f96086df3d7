using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>An input that seems to be an image with channels first, as in PyTorch: the first axis is small, and the others are large.</summary>
/// <param name="Input">The input layer.</param>
/// <param name="Channels">Its first axis.</param>
/// <param name="Height">Its second axis.</param>
/// <param name="Width">Its third axis.</param>
internal sealed record ChannelsFirst(LayerCall Input, int Channels, int Height, int Width)
{
    private const int MostChannels = 4;
    private const int LeastSize = 8;

    /// <summary>Returns the input whose shape a value still has, if it seems to have channels first; null otherwise.</summary>
    public static ChannelsFirst? Of(LayerValue value)
    {
        if (value.Shape.Rank != 4 || value.Trail?.Back.Last() is not { Call: { Kind: "Input" } input } first || first.Shape != value.ShapeText) return null;
        var (channels, height, width) = (value.Shape[1].Value, value.Shape[2].Value, value.Shape[3].Value);
        return channels <= MostChannels && height >= LeastSize && width >= LeastSize ? new(input, channels, height, width) : null;
    }

    private string Shape => $"{Height}, {Width}, {Channels}";

    /// <summary>The suggestion for an error message.</summary>
    public string Suggestion => $"images have their channels last: did you mean Input({Shape})?";

    public Repair Repair => Input.SiteOf("shape") is var site && site == Input.Site
        ? Repair.Write(site, $"Input({Shape})", $"Write Input({Shape})")
        : Repair.WriteAll(site, Shape, $"Write Input({Shape})");

    /// <summary>Warns at the input: the layer accepts it, but probably interprets its axes in an unintended way.</summary>
    public void Report(LayerScope scope) => scope.State.Doubt(Problem.At(
        Descriptors.ChannelsFirst.Id,
        Input.SiteOf("shape"),
        $"Input({Channels}, {Height}, {Width})",
        Channels.ToString(LayerNames.Invariant),
        Height.ToString(LayerNames.Invariant),
        Width.ToString(LayerNames.Invariant),
        scope.Call.Written,
        Shape).With(scope.Call.Site).Suggest(Repair));
}
