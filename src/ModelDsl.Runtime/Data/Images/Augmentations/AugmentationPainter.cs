using System.Numerics;

namespace ModelDsl.Images;

/// <summary>Applies a plan to images of floats: rows from the top, with interleaved channels.</summary>
internal static class AugmentationPainter
{
    public static void Paint(AugmentationPlan plan, ReadOnlySpan<float> source, ImageSize size, int channels, ImageEdge edge, Span<float> target)
    {
        if (IsWholePixels(plan.Map))
            Copy(plan, source, size, channels, edge, target);
        else
            Interpolate(plan, source, size, channels, edge, target);
        foreach (var change in plan.Colors)
            Change(change, target, channels);
        foreach (var cut in plan.Cuts)
            CutOut(cut, target, plan.Size, channels);
    }

    /// <summary>Whether pixels are only moved by whole pixels and mirrored.</summary>
    private static bool IsWholePixels(Matrix3x2 map) =>
        map is { M11: 1 or -1, M12: 0, M21: 0, M22: 1 or -1 } && map.M31 == MathF.Round(map.M31) && map.M32 == MathF.Round(map.M32);

    private static void Copy(AugmentationPlan plan, ReadOnlySpan<float> source, ImageSize size, int channels, ImageEdge edge, Span<float> target)
    {
        var (width, height) = (plan.Size.Width, plan.Size.Height);
        // From pixel center to pixel center: x + ½ is read from ±(x + ½) + shift.
        var (stepX, stepY) = ((int)plan.Map.M11, (int)plan.Map.M22);
        var (startX, startY) = ((int)plan.Map.M31 - (stepX < 0 ? 1 : 0), (int)plan.Map.M32 - (stepY < 0 ? 1 : 0));
        for (var y = 0; y < height; y++)
        {
            var fromY = Inside(startY + (stepY * y), size.Height, edge);
            var row = target.Slice(y * width * channels, width * channels);
            if (fromY < 0)
            {
                row.Clear();
                continue;
            }

            var old = source.Slice(fromY * size.Width * channels, size.Width * channels);
            if (stepX == 1 && startX >= 0 && startX + width <= size.Width)
            {
                old.Slice(startX * channels, width * channels).CopyTo(row);
                continue;
            }

            for (var x = 0; x < width; x++)
            {
                var fromX = Inside(startX + (stepX * x), size.Width, edge);
                var pixel = row.Slice(x * channels, channels);
                if (fromX < 0)
                    pixel.Clear();
                else
                    old.Slice(fromX * channels, channels).CopyTo(pixel);
            }
        }
    }

    /// <summary>Interpolates each new pixel between four old ones.</summary>
    private static void Interpolate(
        AugmentationPlan plan, ReadOnlySpan<float> source, ImageSize size, int channels, ImageEdge edge, Span<float> target)
    {
        var (width, height) = (plan.Size.Width, plan.Size.Height);
        var half = new Vector2(0.5f);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var position = Vector2.Transform(new Vector2(x, y) + half, plan.Map) - half;
                var (left, top) = (MathF.Floor(position.X), MathF.Floor(position.Y));
                var (right, below) = (position.X - left, position.Y - top);
                var (x0, x1) = (Inside((int)left, size.Width, edge), Inside((int)left + 1, size.Width, edge));
                var (y0, y1) = (Inside((int)top, size.Height, edge), Inside((int)top + 1, size.Height, edge));
                var (at00, at01) = (Index(x0, y0, size.Width, channels), Index(x1, y0, size.Width, channels));
                var (at10, at11) = (Index(x0, y1, size.Width, channels), Index(x1, y1, size.Width, channels));
                var pixel = target.Slice(((y * width) + x) * channels, channels);
                for (var c = 0; c < pixel.Length; c++)
                {
                    var upper = Value(source, at00, c) + ((Value(source, at01, c) - Value(source, at00, c)) * right);
                    var lower = Value(source, at10, c) + ((Value(source, at11, c) - Value(source, at10, c)) * right);
                    pixel[c] = upper + ((lower - upper) * below);
                }
            }
        }
    }

    private static int Index(int x, int y, int width, int channels) => x < 0 || y < 0 ? -1 : ((y * width) + x) * channels;

    private static float Value(ReadOnlySpan<float> source, int index, int channel) => index < 0 ? 0 : source[index + channel];

    /// <summary>Returns the coordinate that is used for a coordinate outside the image; −1 for none.</summary>
    private static int Inside(int position, int size, ImageEdge edge)
    {
        if ((uint)position < (uint)size)
            return position;
        if (edge == ImageEdge.Zero)
            return -1;
        if (edge == ImageEdge.Nearest)
            return Math.Clamp(position, 0, size - 1);
        // The image and its mirror image alternate.
        var period = 2 * size;
        var within = ((position % period) + period) % period;
        return within < size ? within : period - 1 - within;
    }

    private static void Change(ColorChange change, Span<float> picture, int channels)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            var mean = 0f;
            if (change.Gain != 1)
            {
                var sum = 0.0;
                for (var i = channel; i < picture.Length; i += channels)
                    sum += picture[i];
                mean = (float)(sum * channels / picture.Length);
            }

            for (var i = channel; i < picture.Length; i += channels)
                picture[i] = Math.Clamp(mean + ((picture[i] - mean) * change.Gain) + change.Offset, 0, 1);
        }
    }

    private static void CutOut(Cut cut, Span<float> picture, ImageSize size, int channels)
    {
        var (left, right) = (Math.Max(0, cut.Left), Math.Min(size.Width, cut.Left + cut.Width));
        var (top, bottom) = (Math.Max(0, cut.Top), Math.Min(size.Height, cut.Top + cut.Height));
        for (var y = top; y < bottom; y++)
            picture.Slice(((y * size.Width) + left) * channels, (right - left) * channels).Fill(cut.Value);
    }
}
