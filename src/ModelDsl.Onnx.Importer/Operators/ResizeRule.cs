namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>How the elements of a resized axis are computed.</summary>
internal sealed class ResizeRule
{
    /// <summary>The coordinates that resize a range of each axis.</summary>
    private const string Crop = "tf_crop_and_resize";

    private readonly Node node;
    private readonly string mode;
    private readonly string coordinates;
    private readonly string rounding;
    private readonly double cubic;
    private readonly bool excludesOutside;
    private readonly float[] ranges;
    private readonly int[] axes;

    /// <param name="node">The node.</param>
    /// <param name="axes">The axes that it has numbers for.</param>
    public ResizeRule(Node node, int[] axes)
    {
        this.axes = axes;
        this.node = node;
        mode = node.Text("mode", "nearest");
        coordinates = node.Type == "Upsample" || node.Opset < 11 ? "asymmetric" : node.Text("coordinate_transformation_mode", "half_pixel");
        rounding = node.Type == "Upsample" || node.Opset < 11 ? "floor" : node.Text("nearest_mode", "round_prefer_floor");
        cubic = node.Float("cubic_coeff_a", -0.75);
        excludesOutside = node.Int("exclude_outside", 0) == 1;
        node.Require(mode is "nearest" or "linear" or "bilinear" or "cubic", $"the mode '{mode}' is not supported.");
        node.Require(coordinates is "half_pixel" or "half_pixel_symmetric" or "pytorch_half_pixel" or "tf_half_pixel_for_nn" or "align_corners" or "asymmetric" or Crop, $"the coordinates '{coordinates}' are not supported.");
        node.Require(node.Int("antialias", 0) == 0, "antialias is not supported.");
        ranges = coordinates == Crop ? node.Constant(1).Floats : [];
        node.Check(coordinates != Crop || ranges.Length == 2 * axes.Length, $"there are {ranges.Length} numbers for the ranges (roi) of {axes.Length} axes: a start and an end for each are expected.");
    }

    /// <summary>Whether all elements of an axis are resized, and not a range of them.</summary>
    public bool IsWhole(int axis) => Range(axis) is (0, 1);

    /// <summary>Whether an element of the result is beyond the edges of the input.</summary>
    public bool IsBeyond(int axis, int at, int from, int to) => coordinates == Crop && Within(Range(axis), at, from, to) is var position && (position < 0 || position > from - 1);

    /// <summary>Returns the layer that does the same for a whole factor, if there is one.</summary>
    public string? Layer(int factor)
    {
        if (coordinates == Crop) return null;
        // A small axis shows whether the layer does the same; all larger ones have the same pattern.
        var matrix = Matrix(0, 4, 4 * factor, factor);
        if (Same((from, to) => to / factor == from ? 1 : 0)) return $"UpSample2D({factor})";
        return mode is "linear" or "bilinear" && coordinates is "half_pixel" or "pytorch_half_pixel" ? $"UpSample2D({factor}, Interpolation.Bilinear)" : null;

        bool Same(Func<int, int, float> other) => Enumerable.Range(0, matrix.Length).All(at => matrix[at] == other(at / (4 * factor), at % (4 * factor)));
    }

    /// <summary>Returns the share of each element [in, out] in each result.</summary>
    public float[] Matrix(int axis, int from, int to, double scale)
    {
        var matrix = new float[from * to];
        for (var column = 0; column < to; column++)
        {
            var at = coordinates == Crop ? Within(Range(axis), column, from, to) : Coordinate(column, from, to, scale);

            // Beyond the edges a column remains zero.
            if (IsBeyond(axis, column, from, to)) continue;
            foreach (var (row, share) in Shares(at, from))
                matrix[(Math.Clamp(row, 0, from - 1) * to) + column] += (float)share;
        }

        return matrix;
    }

    /// <summary>The range of an axis that is resized, from 0 for its first element to 1 for its last.</summary>
    private (float Start, float End) Range(int axis) => coordinates == Crop && Array.IndexOf(axes, axis) is >= 0 and var at ? (ranges[at], ranges[at + axes.Length]) : (0, 1);

    private static double Within((float Start, float End) range, int at, int from, int to) =>
        to > 1 ? (range.Start * (from - 1)) + (at * ((double)range.End - range.Start) * (from - 1) / (to - 1)) : 0.5 * ((double)range.Start + range.End) * (from - 1);

    private double Coordinate(int at, int from, int to, double scale) => coordinates switch
    {
        "align_corners" => to == 1 ? 0 : at * (from - 1) / ((from * scale) - 1),
        "tf_half_pixel_for_nn" => (at + 0.5) / scale,
        "asymmetric" => at / scale,
        "pytorch_half_pixel" => to > 1 ? ((at + 0.5) / scale) - 0.5 : 0,
        "half_pixel_symmetric" => Symmetric(at, from, to, scale),
        _ => ((at + 0.5) / scale) - 0.5,
    };

    private static double Symmetric(int at, int from, int to, double scale)
    {
        var adjustment = to / (scale * from);
        var center = from / 2.0;
        return (center * (1 - adjustment)) + ((at + 0.5) / scale) - 0.5;
    }

    private (int Row, double Share)[] Shares(double at, int from)
    {
        if (mode == "nearest") return [(Rounded(at), 1)];
        if (mode != "cubic")
        {
            at = Math.Clamp(at, 0, from - 1);
            var row = (int)Math.Floor(at);
            return [(row, 1 - (at - row)), (row + 1, at - row)];
        }

        var first = (int)Math.Floor(at) - 1;
        var shares = Enumerable.Range(first, 4).Select(row => (Row: row, Share: Cubic(Math.Abs(at - row)))).ToArray();
        if (!excludesOutside) return shares;
        var inside = shares.Where(share => share.Row >= 0 && share.Row < from).ToArray();
        var sum = inside.Sum(share => share.Share);
        return [.. inside.Select(share => (share.Row, share.Share / sum))];
    }

    private double Cubic(double distance) => distance <= 1
        ? ((((cubic + 2) * distance) - (cubic + 3)) * distance * distance) + 1
        : ((((((cubic * distance) - (5 * cubic)) * distance) + (8 * cubic)) * distance) - (4 * cubic));

    private int Rounded(double at) => rounding switch
    {
        "floor" => (int)Math.Floor(at),
        "ceil" => (int)Math.Ceiling(at),
        "round_prefer_ceil" => (int)Math.Floor(at + 0.5),
        "round_prefer_floor" => (int)Math.Ceiling(at - 0.5),
        _ => throw node.Unsupported($"the rounding '{rounding}' is not supported."),
    };
}
