namespace ModelDsl.Runtime.Tests.Training;

/// <summary>Values, times and curves as text.</summary>
public sealed class ViewTextTests
{
    [Fact]
    public void A_curve_covers_the_whole_run_and_omits_what_is_not_finite()
    {
        var curve = new Sparkline();
        Assert.Equal("", curve.Text(8));
        for (var i = 0; i < 10_000; i++)
            curve.Add(i % 100 == 0 ? double.NaN : i);
        Assert.Equal("▁▂▃▄▅▆▇█", curve.Text(8));
        Assert.Equal(40, curve.Text(40).Length);
    }

    [Theory]
    [InlineData(0.00012345, "1.23E-4")]
    [InlineData(0.12345, "0.1235")]
    [InlineData(12.3456, "12.3456")]
    [InlineData(123.456, "123.5")]
    [InlineData(123456, "1.23E+5")]
    [InlineData(0, "0.0000")]
    [InlineData(double.NaN, "NaN")]
    public void Values_keep_the_digits_that_matter(double value, string text) => Assert.Equal(text, ViewText.Value(value));

    [Theory]
    [InlineData(0.2, "0:01")]
    [InlineData(61, "1:01")]
    [InlineData(3723, "1:02:03")]
    public void Times_are_short(double seconds, string text) => Assert.Equal(text, ViewText.Time(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.01234, "0.0123 s")]
    [InlineData(1.234, "1.23 s")]
    [InlineData(9.999, "10.0 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(59.99, "1:00")]
    [InlineData(3725, "1:02:05")]
    public void Epochs_take_seconds_or_minutes(double seconds, string text) => Assert.Equal(text, ViewText.Seconds(seconds));
}
