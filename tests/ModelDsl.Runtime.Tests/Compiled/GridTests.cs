using ModelDsl.Compiled;

namespace ModelDsl.Runtime.Tests.Compiled;

public class GridTests
{
    [Theory]
    [InlineData(1, 12, 1, 32)]
    [InlineData(2048, 12, 16, 32)]
    [InlineData(37, 12, 5, 32)]
    [InlineData(5, 1, 3, 1)]
    [InlineData(0, 12, 4, 32)]
    [InlineData(1_000_000, 6, 100_000, int.MaxValue)]
    public void Each_result_belongs_to_one_worker(int rows, int alignment, int panels, int panelRows)
    {
        for (var workers = 1; workers <= 12; workers++)
        {
            var shares = SharesOf(workers, worker => worker.Grid(rows, alignment, panels, panelRows)).Where(share => share.RowFrom < share.RowTo && share.PanelFrom < share.PanelTo).ToArray();
            Assert.Equal((long)rows * panels, shares.Sum(share => (long)(share.RowTo - share.RowFrom) * (share.PanelTo - share.PanelFrom)));
            Assert.All(shares, share => Assert.Equal(0, share.RowFrom % alignment));
            for (var i = 0; i < shares.Length; i++)
            {
                for (var j = 0; j < i; j++) Assert.False(Overlap(shares[i], shares[j]));
            }
        }
    }

    [Fact]
    public void Workers_divide_what_has_more_elements_the_rows_or_the_panels()
    {
        // Half of the rows and all panels are 1,032 + 512 rows; all rows and half of the panels are 2,064 + 256.
        Assert.Equal(new Share(0, 1032, 0, 16), new Worker(0, 2, null).Grid(2064, 12, 16, 32));
        Assert.Equal(new Share(0, 96, 0, 8), new Worker(0, 2, null).Grid(96, 12, 16, 32));
    }

    [Fact]
    public void Workers_divide_the_panels_if_nothing_is_said_of_their_size() => Assert.Equal(new Share(0, 2052, 0, 8), new Worker(0, 2, null).Grid(2052, 12, 16));

    [Fact]
    public void A_division_that_leaves_a_worker_with_much_more_than_the_others_is_not_taken() => Assert.Equal(new Share(0, 36, 0, 2), new Worker(0, 2, null).Grid(36, 12, 4, 1));

    [Fact]
    public void A_division_that_leaves_a_worker_with_little_more_than_the_others_is_taken() => Assert.Equal(new Share(0, 1020, 0, 4), new Worker(0, 2, null).Grid(2048, 12, 4, 32));

    private static Share[] SharesOf(int workers, Func<Worker, Share> grid) => [.. Enumerable.Range(0, workers).Select(index => grid(new Worker(index, workers, null)))];

    private static bool Overlap(Share a, Share b) => a.RowFrom < b.RowTo && b.RowFrom < a.RowTo && a.PanelFrom < b.PanelTo && b.PanelFrom < a.PanelTo;
}
