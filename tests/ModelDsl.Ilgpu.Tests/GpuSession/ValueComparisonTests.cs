using ModelDsl.Benchmarks.Gpu.Session;

namespace ModelDsl.Ilgpu.Tests.GpuSession;

/// <summary>The comparison of computed values with stored ones.</summary>
public sealed class ValueComparisonTests
{
    [Fact]
    public void Elements_that_change_places_change_the_digest()
    {
        var (first, second) = (Digest.Of([1f, 2f, 3f, -4f]), Digest.Of([3f, 2f, 1f, -4f]));
        Assert.Equal(first.Norm, second.Norm);
        Assert.NotEqual(first.Projection, second.Projection);
    }

    [Fact]
    public void Another_order_of_sums_changes_the_digest_by_rounding_only()
    {
        var values = Enumerable.Range(0, 1000).Select(static i => MathF.Sin(i)).ToArray();
        var rounded = values.Select(static value => value * (1 + 1e-6f)).ToArray();
        Assert.InRange(Compare("gradient of w", Digest.Of(values), Digest.Of(rounded)).Difference, 1e-9, 1e-5);
    }

    [Fact]
    public void The_largest_difference_is_a_part_of_the_size_of_its_value()
    {
        var found = ValueComparison.Of(
            Named(("loss 1 of step 1", new(2, 2)), ("loss 1 of step 2", new(1, 1))),
            Named(("loss 1 of step 1", new(2.002, 2.002)), ("loss 1 of step 2", new(1.5, 1.5))));
        Assert.Equal("loss 1 of step 2", found.Where);
        Assert.Equal(0.5, found.Difference, 1e-9);
        Assert.Equal(2, found.Values);
    }

    [Fact]
    public void A_gradient_that_is_zero_but_for_rounding_is_compared_with_the_others()
    {
        var expected = Named(("gradient of weight", new(1, 0.3)), ("gradient of bias", new(1e-8, 1e-8)));
        Assert.InRange(ValueComparison.Of(expected, Named(("gradient of weight", new(1, 0.3)), ("gradient of bias", new(3e-8, -3e-8)))).Difference, 1e-9, 1e-4);
        Assert.True(ValueComparison.Of(expected, Named(("gradient of weight", new(1, 0.3)), ("gradient of bias", new(1e-2, 1e-2)))).Difference > 1);
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    public void What_is_no_number_does_not_agree(double norm, double projection) =>
        Assert.Equal(double.PositiveInfinity, Compare("output", new(1, 1), new(norm, projection)).Difference);

    [Fact]
    public void Values_on_one_side_only_do_not_agree()
    {
        var found = ValueComparison.Of(Named(("output a", new(1, 1))), Named(("output a", new(1, 1)), ("output b", new(1, 1))));
        Assert.Equal(double.PositiveInfinity, found.Difference);
        Assert.Contains("output b", found.Where, StringComparison.Ordinal);
        Assert.Equal(double.PositiveInfinity, ValueComparison.Of(Named(), Named(("output a", new(1, 1)))).Difference);
    }

    [Fact]
    public void A_file_has_the_values_that_were_written()
    {
        var path = Path.GetTempFileName();
        try
        {
            StoredValues.Write(path, new Dictionary<string, IReadOnlyDictionary<string, Digest>> { ["mlp"] = Named(("loss \"1\"", new(1.5, -0.25))) });
            Assert.Equal(new Digest(1.5, -0.25), StoredValues.Read(path)["mlp"]["loss \"1\""]);
            File.WriteAllText(path, "{");
            Assert.Contains("--write", Assert.Throws<InvalidOperationException>(() => StoredValues.Read(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ValueComparison Compare(string name, Digest expected, Digest actual) => ValueComparison.Of(Named((name, expected)), Named((name, actual)));

    private static Dictionary<string, Digest> Named(params (string Name, Digest Value)[] values) => values.ToDictionary(static value => value.Name, static value => value.Value);
}
