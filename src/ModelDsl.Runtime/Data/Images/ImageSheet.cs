using ModelDsl.Compiled;

namespace ModelDsl.Images;

/// <summary>Many pictures on one sheet, to see what a model is shown.</summary>
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

    /// <summary>The pictures in the first column of a batch, row by row.</summary>
    /// <param name="batch">The batch; its first column must have the shape [height, width], or [height, width, channels] with 1 or 3 channels.</param>
    /// <param name="columns">Pictures side by side.</param>
    /// <param name="white">The value that is shown as white; black is 0, and what lies outside is cut off.</param>
    /// <exception cref="ArgumentException">The batch is empty, or its first column holds no pictures.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1, or <paramref name="white"/> is not positive.</exception>
    public static Image Of(Batch batch, int columns = 8, float white = 1)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(white);
        var column = batch.Columns[0];
        if (batch.Count == 0 || column.Type != ColumnType.Float || column.Shape is not ([_, _] or [_, _, 1 or 3]))
        {
            throw new ArgumentException(
                $"A sheet needs pictures, floats of the shape [height, width], [height, width, 1] or [height, width, 3]; the batch has {batch.Count} samples of "
                + $"{ColumnCheck.Describe([column])}.", nameof(batch));
        }

        var (height, width, channels) = (column.Shape[0], column.Shape[1], column.Shape.Length == 3 ? column.Shape[2] : 1);
        columns = Math.Min(columns, batch.Count);
        var rows = (batch.Count + columns - 1) / columns;
        var sheet = new Image((columns * (width + Gap)) + Gap, (rows * (height + Gap)) + Gap, channels);
        sheet.Pixels.Fill(Paper);
        var values = batch.Floats(0);
        for (var i = 0; i < batch.Count; i++)
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
