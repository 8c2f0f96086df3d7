using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>An input that looks like an image whose channels come first, as PyTorch has them: few rows, and wide.</summary>
/// <param name="Input">The input layer.</param>
/// <param name="Channels">Its first axis.</param>
/// <param name="Height">Its second axis.</param>
/// <param name="Width">Its third axis.</param>
internal sealed record ChannelsFirst(LayerCall Input, int Channels, int Height, int Width)
{
    private const int MostChannels = 4;
    private const int LeastSize = 8;

    /// <summary>The input that a value still has the shape of, if it looks so; null otherwise.</summary>
    public static ChannelsFirst? Of(Value value)
    {
        if (value.Shape.Rank != 4 || value.Trail?.Back.Last() is not { Call: { Kind: "Input" } input } first || first.Shape != value.ShapeText) return null;
        var (channels, height, width) = (value.Shape[1].Value, value.Shape[2].Value, value.Shape[3].Value);
        return channels <= MostChannels && height >= LeastSize && width >= LeastSize ? new(input, channels, height, width) : null;
    }

    private string Shape => $"{Height}, {Width}, {Channels}";

    /// <summary>What to do, for a message.</summary>
    public string Suggestion => $"images have their channels last: did you mean Input({Shape})?";

    public Repair Repair => Input.SiteOf("shape") is var site && site == Input.Site
        ? Repair.Write(site, $"Input({Shape})", $"Write Input({Shape})")
        : Repair.WriteAll(site, Shape, $"Write Input({Shape})");

    /// <summary>Warns at the input: the layer fits, and works on something else than was meant.</summary>
    public void Report(LayerScope scope) => scope.State.Doubt(Problem.At(
        Descriptors.ChannelsFirst.Id,
        Input.SiteOf("shape"),
        $"Input({Channels}, {Height}, {Width})",
        Channels.ToString(Names.Invariant),
        Height.ToString(Names.Invariant),
        Width.ToString(Names.Invariant),
        scope.Call.Written,
        Shape).With(scope.Call.Site).Suggest(Repair));
}
