using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>A window that slides along one axis: at position i its element k lies at <c>Stride·i + Dilation·k − Before</c>.</summary>
/// <param name="Size">The size of the axis it slides over.</param>
/// <param name="Kernel">Elements of the window.</param>
/// <param name="Stride">The distance of neighbouring positions.</param>
/// <param name="Dilation">The distance of neighbouring elements.</param>
/// <param name="Before">How far the first window begins before the axis does.</param>
/// <param name="Behind">How far the axis is thought to go on behind its end.</param>
internal sealed record Window(int Size, int Kernel, int Stride, int Dilation, int Before, int Behind)
{
    /// <summary>From the first to the last element of the window.</summary>
    public int Reach => (Dilation * (Kernel - 1)) + 1;

    /// <summary>The number of positions; not positive where the window does not fit.</summary>
    public int Positions => Size + Before + Behind < Reach ? 0 : ((Size + Before + Behind - Reach) / Stride) + 1;

    /// <summary>How <see cref="Positions"/> comes about.</summary>
    public string Formula
    {
        get
        {
            var padding = Before == Behind ? $"2·{Before}" : $"{Before} + {Behind}";
            var floor = (int)Math.Floor((Size + Before + Behind - Reach) / (double)Stride);
            return $"⌊({Size} + {padding} − {Reach})/{Stride}⌋ + 1 = {floor + 1}";
        }
    }

    /// <summary>The coordinate of an element, from the axis of the positions and that of the window.</summary>
    public Coordinate At(int position, int element) => new([new Term(position, Stride), new Term(element, Dilation)], -Before);

    /// <summary>A window with the padding its layer asks for.</summary>
    public static Window Of(LayerCall call, int size, int kernel, int stride, int dilation)
    {
        var window = new Window(size, kernel, stride, dilation, 0, 0);
        if (call.Int("paddingSize", -1) is >= 0 and var given) return window with { Before = given, Behind = given };
        if (call.Word("padding", "Valid") != "Same") return window;
        var positions = (size + stride - 1) / stride;
        var total = Math.Max(0, ((positions - 1) * stride) + window.Reach - size);
        return window with { Before = total / 2, Behind = total - (total / 2) };
    }
}
