namespace ModelDsl.Images.Png;

/// <summary>
/// The filters of PNG: each byte is stored as its difference from a prediction by the byte to the left (a), above (b) and above left (c).
/// Rows begin with one zero for each byte of a pixel.
/// </summary>
internal static class PngFilter
{
    public const int None = 0, Sub = 1, Up = 2, Average = 3, Paeth = 4, Count = 5;

    /// <summary>Converts differences to bytes, in place.</summary>
    /// <param name="filter">The number of the filter in the file.</param>
    /// <param name="row">Zeros and differences.</param>
    /// <param name="above">Zeros and the bytes of the row above.</param>
    /// <param name="distance">The distance to the byte to the left.</param>
    /// <exception cref="InvalidDataException">The filter does not exist.</exception>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        switch (filter)
        {
            case None:
                break;
            case Sub:
                for (var i = distance; i < row.Length; i++)
                    row[i] += row[i - distance];
                break;
            case Up:
                for (var i = distance; i < row.Length; i++)
                    row[i] += above[i];
                break;
            case Average:
                for (var i = distance; i < row.Length; i++)
                    row[i] += (byte)((row[i - distance] + above[i]) >> 1);
                break;
            case Paeth:
                for (var i = distance; i < row.Length; i++)
                    row[i] += Predict(row[i - distance], above[i], above[i - distance]);
                break;
            case < 0:
                throw new EndOfStreamException();
            default:
                throw new InvalidDataException($"a row has the filter {filter}; known are 0 to 4");
        }
    }

    /// <summary>Computes the differences of a row.</summary>
    /// <returns>The sum of their magnitudes: rows with smaller sums can be compressed better.</returns>
    public static long Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> differences)
    {
        long sum = 0;
        for (var i = distance; i < row.Length; i++)
        {
            var prediction = filter switch
            {
                Sub => row[i - distance],
                Up => above[i],
                Average => (byte)((row[i - distance] + above[i]) >> 1),
                Paeth => Predict(row[i - distance], above[i], above[i - distance]),
                _ => (byte)0,
            };
            var difference = (byte)(row[i] - prediction);
            differences[i - distance] = difference;
            sum += Math.Abs((int)(sbyte)difference);
        }

        return sum;
    }

    /// <summary>Returns the neighbor that is closest to a + b − c; the first if several are equally close.</summary>
    private static byte Predict(byte a, byte b, byte c)
    {
        var (fromA, fromB, fromC) = (Math.Abs(b - c), Math.Abs(a - c), Math.Abs(a + b - (2 * c)));
        return fromA <= fromB && fromA <= fromC ? a : fromB <= fromC ? b : c;
    }
}
