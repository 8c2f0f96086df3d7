using System.Buffers;
using System.Numerics;

namespace ModelDsl.Images.Resizing;

/// <summary>Pixels, and the size of the image.</summary>
internal readonly ref struct PixelSource(ReadOnlySpan<byte> pixels, int width, int height, int channels)
{
    public ReadOnlySpan<byte> Pixels { get; } = pixels;

    public int Width => width;

    public int Height => height;

    public int Channels => channels;
}

/// <summary>
/// Resizes images: first along rows, then along columns. It keeps only the rows of intermediate values that one new row needs.
/// </summary>
internal static class Resampler
{
    public static void Resize(in PixelSource source, Span<byte> target, int width, int height, Resampling resampling, ImageFit fit)
    {
        target = target[..(width * height * source.Channels)];
        if (source.Width == width && source.Height == height)
        {
            source.Pixels[..target.Length].CopyTo(target);
            return;
        }

        var (left, top, boxWidth, boxHeight) = (0.0, 0.0, (double)source.Width, (double)source.Height);
        var (x, y, columns, rows) = (0, 0, width, height);
        if (fit == ImageFit.Crop)
        {
            boxWidth = Math.Min(source.Width, (double)source.Height * width / height);
            boxHeight = Math.Min(source.Height, (double)source.Width * height / width);
            (left, top) = ((source.Width - boxWidth) / 2, (source.Height - boxHeight) / 2);
        }
        else if (fit == ImageFit.Pad)
        {
            var scale = Math.Min((double)width / source.Width, (double)height / source.Height);
            columns = Math.Clamp((int)Math.Round(source.Width * scale), 1, width);
            rows = Math.Clamp((int)Math.Round(source.Height * scale), 1, height);
            (x, y) = ((width - columns) / 2, (height - rows) / 2);
            target.Clear();
        }

        using var across = new ResampleAxis(left, boxWidth, source.Width, columns, resampling);
        using var down = new ResampleAxis(top, boxHeight, source.Height, rows, resampling);
        var start = ((y * width) + x) * source.Channels;
        Resize(in source, in across, in down, target[start..], columns * source.Channels, rows, width * source.Channels);
    }

    /// <param name="source">The old image.</param>
    /// <param name="across">The weights of columns.</param>
    /// <param name="down">The weights of rows.</param>
    /// <param name="target">The start of the first new row.</param>
    /// <param name="rowValues">The number of values per new row.</param>
    /// <param name="rows">The number of new rows.</param>
    /// <param name="stride">The distance from one new row to the next.</param>
    private static void Resize(
        in PixelSource source, in ResampleAxis across, in ResampleAxis down, Span<byte> target, int rowValues, int rows, int stride)
    {
        var rented = ArrayPool<float>.Shared.Rent((down.Taps + 1) * rowValues);
        // Old row r, after its columns are resized, is stored in row r modulo taps of the ring.
        var ring = rented.AsSpan(rowValues, down.Taps * rowValues);
        var sums = rented.AsSpan(0, rowValues);
        var made = 0;
        for (var row = 0; row < rows; row++)
        {
            var first = down.Start(row);
            for (made = Math.Max(made, first); made < first + down.Taps; made++)
            {
                var old = source.Pixels.Slice(made * source.Width * source.Channels, source.Width * source.Channels);
                Across(old, source.Channels, in across, ring.Slice(made % down.Taps * rowValues, rowValues));
            }

            sums.Clear();
            var weights = down.Weights(row);
            for (var k = 0; k < weights.Length; k++)
            {
                if (weights[k] != 0)
                    AddScaled(sums, ring.Slice((first + k) % down.Taps * rowValues, rowValues), weights[k]);
            }

            Round(sums, target.Slice(row * stride, rowValues));
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private static void Across(ReadOnlySpan<byte> old, int channels, in ResampleAxis axis, Span<float> row)
    {
        var columns = row.Length / channels;
        for (var x = 0; x < columns; x++)
        {
            var weights = axis.Weights(x);
            var from = old.Slice(axis.Start(x) * channels, weights.Length * channels);
            if (channels == 3)
            {
                var (red, green, blue) = (0f, 0f, 0f);
                for (var k = 0; k < weights.Length; k++)
                {
                    red += weights[k] * from[3 * k];
                    green += weights[k] * from[(3 * k) + 1];
                    blue += weights[k] * from[(3 * k) + 2];
                }

                (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]) = (red, green, blue);
                continue;
            }

            for (var channel = 0; channel < channels; channel++)
            {
                var sum = 0f;
                for (var k = 0; k < weights.Length; k++)
                    sum += weights[k] * from[(k * channels) + channel];
                row[(x * channels) + channel] = sum;
            }
        }
    }

    private static void AddScaled(Span<float> sums, ReadOnlySpan<float> row, float weight)
    {
        // Products and sums are rounded separately, so that the result does not depend on the width of vectors.
        var i = 0;
        for (; i <= sums.Length - Vector<float>.Count; i += Vector<float>.Count)
            (new Vector<float>(sums[i..]) + (new Vector<float>(row[i..]) * weight)).CopyTo(sums[i..]);
        for (; i < sums.Length; i++)
            sums[i] += row[i] * weight;
    }

    private static void Round(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (var i = 0; i < values.Length; i++)
            bytes[i] = (byte)Math.Clamp(values[i] + 0.5f, 0f, 255f);
    }
}
