using ModelDsl.Devices.Cpu;

namespace ModelDsl.Runtime.Tests.Devices;

public class PaceTests
{
    [Fact]
    public void Work_that_is_hindered_again_and_again_is_done_alone_for_a_while()
    {
        var pace = new Pace();
        Learn(pace, 1.0, 5.9, 7, 7, 5.9, 7, 7);
        Assert.True(pace.TryTogether());
        Learn(pace, 7);
        Assert.Equal(16, Alone(pace));

        // Still hindered: twice as long.
        Learn(pace, 7, 7, 7);
        Assert.Equal(32, Alone(pace));

        // And at most so long.
        for (var i = 0; i < 10; i++)
        {
            Learn(pace, 7, 7, 7);
            Assert.InRange(Alone(pace), 64, 1024);
        }

        // All is well again.
        Learn(pace, 1, 7, 7, 7);
        Assert.Equal(16, Alone(pace));
    }

    [Fact]
    public void More_workers_may_take_longer_before_one_alone_is_better()
    {
        var pace = new Pace();
        pace.Learn(1, 64);
        for (var i = 0; i < 10; i++)
            pace.Learn(100, 64);
        Assert.True(pace.TryTogether());
    }

    private static void Learn(Pace pace, params double[] times)
    {
        foreach (var time in times)
            pace.Learn(time, 2);
    }

    private static int Alone(Pace pace)
    {
        var alone = 0;
        while (!pace.TryTogether())
            alone++;
        return alone;
    }
}
