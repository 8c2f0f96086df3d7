using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>A window that slides along one axis: at position i its element k lies at <c>Stride·i + Dilation·k − Before</c>.</summary>
/// <param name="Size">The size of the axis it slides over.</param>
/// <param name="Kernel">The number of elements of the window.</param>
/// <param name="Stride">The distance between consecutive positions.</param>
/// <param name="Dilation">The distance between adjacent elements.</param>
/// <param name="Before">The padding before the start of the axis.</param>
/// <param name="Behind">The padding after the end of the axis.</param>
internal sealed record Window(int Size, int Kernel, int Stride, int Dilation, int Before, int Behind)
{
    /// <summary>The distance from the first to the last element of the window, plus 1.</summary>
    public int Reach => (Dilation * (Kernel - 1)) + 1;

    /// <summary>The number of positions; not positive if the window does not fit.</summary>
    public int Positions => Size + Before + Behind < Reach ? 0 : ((Size + Before + Behind - Reach) / Stride) + 1;

    /// <summary>The formula of <see cref="Positions"/> with its numbers.</summary>
    public string Formula
    {
        get
        {
            var padding = Before == Behind ? $"2·{Before}" : $"{Before} + {Behind}";
            var floor = (int)Math.Floor((Size + Before + Behind - Reach) / (double)Stride);
            return $"⌊({Size} + {padding} − {Reach})/{Stride}⌋ + 1 = {floor + 1}";
        }
    }

    /// <summary>Returns the coordinate of an element, from the axis of positions and the axis of window elements.</summary>
    public Coordinate At(int position, int element) => new([new Term(position, Stride), new Term(element, Dilation)], -Before);

    /// <summary>Creates a window with the padding of its layer.</summary>
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
