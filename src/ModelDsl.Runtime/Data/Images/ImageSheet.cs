using ModelDsl.Compiled;

namespace ModelDsl.Images;

/// <summary>Combines images to one sheet, such as a preview of training data.</summary>
/// <example>
/// <code>
/// foreach (Batch batch in train.Batches(32, shuffle: true))
/// {
///     ImageSheet.Of(batch).SavePng("preview.png");
///     break;
/// }
/// </code>
/// </example>
public static class ImageSheet
{
    private const int Gap = 2;
    private const byte Paper = 255;

    /// <summary>Returns the images in the first column of a batch, in rows.</summary>
    /// <param name="batch">The batch; its first column must have the shape [height, width], or [height, width, channels] with 1 or 3 channels.</param>
    /// <param name="columns">The number of images per row.</param>
    /// <param name="white">The value of white; black is 0, and values outside are clamped.</param>
    /// <exception cref="ArgumentException">The batch is empty, or its first column does not contain images.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1, or <paramref name="white"/> is not positive or not finite.</exception>
    public static Image Of(Batch batch, int columns = 8, float white = 1)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentCheck.Positive(white, nameof(white));
        var column = batch.Columns[0];
        if (batch.Count == 0 || column.Type != ColumnType.Float || column.Shape is not ([_, _] or [_, _, 1 or 3]))
        {
            throw new ArgumentException(
                $"A sheet needs pictures, floats of the shape [height, width], [height, width, 1] or [height, width, 3]; the batch has {batch.Count} samples of "
                + $"{ColumnCheck.Describe([column])}.", nameof(batch));
        }

        var channels = column.Shape.Length == 3 ? column.Shape[2] : 1;
        return Draw(batch.Floats(0), batch.Count, column.Shape[0], column.Shape[1], channels, columns, white);
    }

    /// <summary>Returns images in rows, such as images that a model has generated.</summary>
    /// <param name="pixels">The pixels of all images, in order: rows from the top, with interleaved channels.</param>
    /// <param name="height">The number of rows of an image.</param>
    /// <param name="width">The number of columns of an image.</param>
    /// <param name="channels">The number of channels: 1 for gray, 3 for red, green and blue.</param>
    /// <param name="columns">The number of images per row.</param>
    /// <param name="white">The value of white; black is 0, and values outside are clamped.</param>
    /// <exception cref="ArgumentException">The number of values is 0 or not a multiple of the values of an image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size or <paramref name="columns"/> is less than 1, the number of channels is not 1 or 3, or
    /// <paramref name="white"/> is not positive or not finite.</exception>
    public static Image Of(ReadOnlySpan<float> pixels, int height, int width, int channels = 1, int columns = 8, float white = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentCheck.Positive(white, nameof(white));
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Pictures have 3 channels (red, green, blue) or 1 (grey).");
        var length = (long)height * width * channels;
        if (pixels.IsEmpty || pixels.Length % length != 0)
            throw new ArgumentException($"{pixels.Length} values are no pictures of {height} × {width} × {channels}, which have {length} each.", nameof(pixels));
        return Draw(pixels, (int)(pixels.Length / length), height, width, channels, columns, white);
    }

    private static Image Draw(ReadOnlySpan<float> values, int count, int height, int width, int channels, int columns, float white)
    {
        columns = Math.Min(columns, count);
        var rows = (count + columns - 1) / columns;
        var sheet = new Image((columns * (width + Gap)) + Gap, (rows * (height + Gap)) + Gap, channels);
        sheet.Pixels.Fill(Paper);
        for (var i = 0; i < count; i++)
        {
            var (left, top) = (Gap + (i % columns * (width + Gap)), Gap + (i / columns * (height + Gap)));
            for (var y = 0; y < height; y++)
            {
                var from = values.Slice(((i * height) + y) * width * channels, width * channels);
                var to = sheet.Pixels.Slice((((top + y) * sheet.Width) + left) * channels, from.Length);
                for (var k = 0; k < from.Length; k++)
                    to[k] = (byte)Math.Clamp((from[k] / white * 255) + 0.5f, 0, 255);
            }
        }

        return sheet;
    }
}
