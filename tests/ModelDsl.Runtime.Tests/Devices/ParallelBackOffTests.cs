using ModelDsl.Devices.Cpu;

namespace ModelDsl.Runtime.Tests.Devices;

public class ParallelBackOffTests
{
    [Fact]
    public void Work_that_is_hindered_again_and_again_is_done_alone_for_a_while()
    {
        var backOff = new ParallelBackOff();
        Learn(backOff, 1.0, 5.9, 7, 7, 5.9, 7, 7);
        Assert.True(backOff.TryTogether());
        Learn(backOff, 7);
        Assert.Equal(16, Alone(backOff));

        // Still hindered: twice as long.
        Learn(backOff, 7, 7, 7);
        Assert.Equal(32, Alone(backOff));

        // And at most so long.
        for (var i = 0; i < 10; i++)
        {
            Learn(backOff, 7, 7, 7);
            Assert.InRange(Alone(backOff), 64, 1024);
        }

        // All is well again.
        Learn(backOff, 1, 7, 7, 7);
        Assert.Equal(16, Alone(backOff));
    }

    [Fact]
    public void More_workers_may_take_longer_before_one_alone_is_better()
    {
        var backOff = new ParallelBackOff();
        backOff.Learn(1, 64);
        for (var i = 0; i < 10; i++)
            backOff.Learn(100, 64);
        Assert.True(backOff.TryTogether());
    }

    private static void Learn(ParallelBackOff backOff, params double[] times)
    {
        foreach (var time in times)
            backOff.Learn(time, 2);
    }

    private static int Alone(ParallelBackOff backOff)
    {
        var alone = 0;
        while (!backOff.TryTogether())
            alone++;
        return alone;
    }
}
