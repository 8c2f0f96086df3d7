using ModelDsl.Compiled;

namespace ModelDsl.Runtime.Tests.Data;

public class BatchTests
{
    private static readonly ColumnDescription[] Columns =
        [new("input", ColumnType.Float, [2, 3]), new("label", ColumnType.Int, [], 10)];

    [Fact]
    public void Columns_are_aligned_and_readable_behind_their_end()
    {
        for (var i = 0; i < 20; i++)
        {
            var batch = new Batch(Columns, 5) { Count = 5 };
            unsafe
            {
                Assert.Equal(0, (long)batch.Pointers[0] % 64);
                Assert.Equal(0, (long)batch.Pointers[1] % 64);
                fixed (float* first = batch.Floats(0))
                    Assert.True(first == batch.Pointers[0]);
            }
        }
    }

    [Fact]
    public void Spans_cover_the_samples_it_holds()
    {
        var batch = new Batch(Columns, 5);
        Assert.Equal(0, batch.Floats(0).Length);
        batch.Count = 3;
        Assert.Equal(18, batch.Floats(0).Length);
        Assert.Equal(3, batch.Ints(1).Length);
        Assert.Equal(5, batch.Capacity);
    }

    [Fact]
    public void Mistakes_are_explained()
    {
        var batch = new Batch(Columns, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Count = 6);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Count = -1);
        Assert.Contains("use Ints(1)", Assert.Throws<InvalidOperationException>(() => batch.Floats(1).Length).Message, StringComparison.Ordinal);
        Assert.Contains("use Floats(0)", Assert.Throws<InvalidOperationException>(() => batch.Ints(0).Length).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Ints(2).Length);
        Assert.Throws<ArgumentException>(() => new Batch([], 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Batch(Columns, 0));
        Assert.Throws<ArgumentException>(() => new Batch([new("empty", ColumnType.Float, [0])], 1));
        Assert.Throws<ArgumentException>(() => Batch.Of(3, [1f, 2], [1f, 2, 3]));
    }

    [Fact]
    public void Of_divides_spans_among_samples()
    {
        var batch = Batch.Of(2, [1f, 2, 3, 4, 5, 6], (ReadOnlySpan<int>)[7, 8]);
        Assert.Equal(2, batch.Count);
        Assert.Equal([3, 1], batch.Columns.Select(c => c.Length));
        Assert.Equal([1f, 2, 3, 4, 5, 6], batch.Floats(0).ToArray());
        Assert.Equal([7, 8], batch.Ints(1).ToArray());
        Assert.Equal([9, 9], Batch.Of(1, (ReadOnlySpan<int>)[9, 9], [1f]).Ints(0).ToArray());
        Assert.Single(Batch.Of(1, [1f]).Columns);
    }
}
