using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ModelDsl.Runtime.Tests.Files;

/// <summary>Damages files: the same seed, the same damage.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly long[] Extremes =
        [0, 1, -1, 2, 255, 256, short.MaxValue, short.MinValue, ushort.MaxValue, int.MaxValue, int.MinValue, 1L << 31, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue, 65536, 1 << 24];

    private static readonly string[] Numbers =
        ["-1", "0", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e400", "1e-3", "00", "NaN", "", "999999999999999999999999"];

    private readonly Random random = new(seed);
    private readonly List<string> steps = [];

    /// <summary>What was done.</summary>
    public string Description => string.Join(", ", steps);

    /// <summary>True every second time.</summary>
    public bool Coin() => random.Next(2) == 0;

    /// <summary>A damaged copy of a file.</summary>
    public byte[] Damage(byte[] file)
    {
        var bytes = new List<byte>(file);
        for (var count = random.Next(4) == 0 ? random.Next(2, 6) : 1; count > 0; count--)
            Step(bytes);
        return [.. bytes];
    }

    private void Step(List<byte> bytes)
    {
        switch (bytes.Count == 0 ? 3 : random.Next(9))
        {
            case 0:
                var at = At(bytes.Count);
                var bit = random.Next(8);
                bytes[at] ^= (byte)(1 << bit);
                steps.Add($"bit {bit} of byte {at}");
                break;
            case 1:
                at = At(bytes.Count);
                bytes[at] = (byte)random.Next(256);
                steps.Add($"byte {at} = {bytes[at]}");
                break;
            case 2:
                var length = random.Next(bytes.Count);
                bytes.RemoveRange(length, bytes.Count - length);
                steps.Add($"cut to {length}");
                break;
            case 3:
                var more = new byte[random.Next(1, 200)];
                random.NextBytes(more);
                bytes.AddRange(more);
                steps.Add($"{more.Length} bytes more");
                break;
            case 4:
                var (from, count) = Range(bytes.Count);
                bytes.InsertRange(At(bytes.Count), bytes.GetRange(from, count));
                steps.Add($"{count} bytes from {from} on again");
                break;
            case 5:
                (from, count) = Range(bytes.Count);
                bytes.RemoveRange(from, count);
                steps.Add($"{count} bytes from {from} on removed");
                break;
            case 6:
                ReplaceNumber(bytes);
                break;
            default:
                Extreme(bytes);
                break;
        }
    }

    /// <summary>An index: every second time in what is likely to be a header.</summary>
    private int At(int length) => random.Next(Coin() ? Math.Min(length, 64) : length);

    private (int From, int Count) Range(int length)
    {
        var from = At(length);
        return (from, random.Next(1, Math.Min(64, length - from) + 1));
    }

    private void Extreme(List<byte> bytes)
    {
        var (size, bigEndian, value) = (1 << random.Next(4), Coin(), Extremes[random.Next(Extremes.Length)]);
        var word = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(word, value);
        var written = word.AsSpan(0, size);
        if (bigEndian)
            written.Reverse();

        // Numbers in headers often stand at multiples of their size.
        var at = At(bytes.Count);
        at = Coin() ? at / size * size : at;
        for (var i = 0; i < size && at + i < bytes.Count; i++)
            bytes[at + i] = written[i];
        steps.Add(string.Create(CultureInfo.InvariantCulture, $"{value} in {size} bytes at {at}"));
    }

    /// <summary>Replaces a number that is written in digits.</summary>
    private void ReplaceNumber(List<byte> bytes)
    {
        var starts = Enumerable.Range(0, Math.Min(bytes.Count, 4096)).Where(i => Digit(i) && (i == 0 || !Digit(i - 1))).ToArray();
        if (starts.Length == 0)
        {
            Extreme(bytes);
            return;
        }

        var start = starts[random.Next(starts.Length)];
        var end = start;
        while (end < bytes.Count && Digit(end))
            end++;
        var number = Numbers[random.Next(Numbers.Length)];
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(number));
        steps.Add($"the number at {start} = '{number}'");

        bool Digit(int i) => bytes[i] is >= (byte)'0' and <= (byte)'9';
    }
}
