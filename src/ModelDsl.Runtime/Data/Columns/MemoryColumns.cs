using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ModelDsl.Compiled;

namespace ModelDsl;

internal sealed class FloatColumn(ColumnDescription description, ReadOnlyMemory<float> values)
    : DataColumn(description, CountOf(description, values.Length))
{
    internal override void Fill(ReadOnlySpan<int> samples, Batch batch, int column) =>
        Rows.Copy(values.Span, samples, batch.Floats(column), Description.Length);
}

internal sealed class IntColumn(ColumnDescription description, ReadOnlyMemory<int> values)
    : DataColumn(description, CountOf(description, values.Length))
{
    internal override void Fill(ReadOnlySpan<int> samples, Batch batch, int column) =>
        Rows.Copy(values.Span, samples, batch.Ints(column), Description.Length);
}

internal sealed class ByteColumn(ColumnDescription description, ReadOnlyMemory<byte> values, float scale)
    : DataColumn(description, CountOf(description, values.Length))
{
    internal override void Fill(ReadOnlySpan<int> samples, Batch batch, int column)
    {
        var source = values.Span;
        var target = batch.Floats(column);
        var length = Description.Length;
        for (var i = 0; i < samples.Length; i++)
            Rows.Scale(source.Slice(samples[i] * length, length), scale, target.Slice(i * length, length));
    }
}

/// <summary>The loops that copy samples.</summary>
internal static class Rows
{
    public static void Copy<T>(ReadOnlySpan<T> source, ReadOnlySpan<int> samples, Span<T> target, int length)
    {
        if (length == 1)
        {
            for (var i = 0; i < samples.Length; i++)
                target[i] = source[samples[i]];
            return;
        }

        for (var i = 0; i < samples.Length; i++)
            source.Slice(samples[i] * length, length).CopyTo(target.Slice(i * length, length));
    }

    public static void Scale(ReadOnlySpan<byte> source, float scale, Span<float> target)
    {
        target = target[..source.Length];
        var (factor, i) = (Vector128.Create(scale), 0);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(target);
        for (; i <= source.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)i));
            var (a, b) = Vector128.Widen(low);
            var (c, d) = Vector128.Widen(high);
            (Vector128.ConvertToSingle(a.AsInt32()) * factor).StoreUnsafe(ref to, (nuint)i);
            (Vector128.ConvertToSingle(b.AsInt32()) * factor).StoreUnsafe(ref to, (nuint)i + 4);
            (Vector128.ConvertToSingle(c.AsInt32()) * factor).StoreUnsafe(ref to, (nuint)i + 8);
            (Vector128.ConvertToSingle(d.AsInt32()) * factor).StoreUnsafe(ref to, (nuint)i + 12);
        }

        for (; i < source.Length; i++)
            target[i] = source[i] * scale;
    }
}
