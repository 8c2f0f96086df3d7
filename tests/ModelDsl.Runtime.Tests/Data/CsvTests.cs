using System.Globalization;

namespace ModelDsl.Runtime.Tests.Data;

public sealed class CsvTests
{
    private const string Flowers = "length,width,kind\n5.1,3.5,setosa\n7,-3.2e-1,versicolor\n";

    [Fact]
    public void Columns_are_chosen_by_name_and_classes_become_their_indices()
    {
        var data = Read(Flowers, new CsvOptions { Label = "kind", Classes = ["setosa", "versicolor"] });
        var batch = Assert.Single(data.Batches(8));

        Assert.Equal([5.1f, 3.5f, 7, -0.32f], batch.Floats(0).ToArray());
        Assert.Equal([0, 1], batch.Ints(1).ToArray());
    }

    [Fact]
    public void Inputs_and_targets_come_in_the_order_asked_for()
    {
        var batch = Assert.Single(Read("a,b,c,d\n1,2,3,4\n", new CsvOptions { Inputs = ["c", "a"], Targets = ["d", "b"] }).Batches(8));

        Assert.Equal([3f, 1], batch.Floats(0).ToArray());
        Assert.Equal([4f, 2], batch.Floats(1).ToArray());
    }

    [Fact]
    public void Ignored_columns_blank_lines_quotes_and_crlf_are_understood()
    {
        var data = Read("id;\"x\";y\r\n\"a;1\";\"1\";0\r\n\r\nb;2;1\r\n", new CsvOptions { Label = "y", Ignored = ["id"], Delimiter = ';' });
        var batch = Assert.Single(data.Batches(8));

        Assert.Equal([1f, 2], batch.Floats(0).ToArray());
        Assert.Equal([0, 1], batch.Ints(1).ToArray());
    }

    [Fact]
    public void Quoted_fields_may_hold_delimiters_line_ends_and_doubled_quotes()
    {
        var data = Read("a,b,y\r\n\"p,\"\"q\"\"\r\nr\",1,0\rplain,2,1", new CsvOptions { Label = "y", Inputs = ["b"] });
        var named = Read("\"a \"\"x\"\"\",y\n1,0\n", new CsvOptions { Label = "y", Inputs = ["a \"x\""] });

        Assert.Equal([1f, 2], Assert.Single(data.Batches(8)).Floats(0).ToArray());
        Assert.Equal(1, named.Count);
    }

    [Fact]
    public void Without_a_header_columns_are_numbered()
    {
        var batch = Assert.Single(Read("1,2,0\n3,4,1", new CsvOptions { HasHeader = false, Label = "2" }).Batches(8));

        Assert.Equal([1f, 2, 3, 4], batch.Floats(0).ToArray());
        Assert.Equal([0, 1], batch.Ints(1).ToArray());
    }

    [Fact]
    public void Missing_values_are_replaced_when_asked_for()
    {
        var batch = Assert.Single(Read("x,y\n,1\n2,0\n", new CsvOptions { Label = "y", Missing = -1 }).Batches(8));

        Assert.Equal([-1f, 2], batch.Floats(0).ToArray());
    }

    [Theory]
    [InlineData("x,y\n1,0\nabc,1\n", "data.csv(3): column 'x' holds 'abc', which is not a finite number")]
    [InlineData("x,y\n,0\n", "data.csv(2): column 'x' holds ''")]
    [InlineData("x,y\nNaN,0\n", "data.csv(2): column 'x' holds 'NaN'")]
    [InlineData("x,y\n1e99,0\n", "data.csv(2): column 'x' holds '1e99'")]
    [InlineData("x,y\n1,-1\n", "data.csv(2): column 'y' holds '-1', which is not a whole number")]
    [InlineData("x,y\n1,0.5\n", "data.csv(2): column 'y' holds '0.5'")]
    [InlineData("x,y\n1,0\n\n\n1\n", "data.csv(5): has 1 fields; the first row has 2")]
    [InlineData("x,y\n1,2,3\n", "data.csv(2): has 3 fields; the first row has 2")]
    [InlineData("x,z\n1,2\n", "data.csv: has no column 'y'; it has 'x', 'z'")]
    [InlineData("y,y\n1,2\n", "data.csv: has two columns 'y'")]
    [InlineData("y\n1\n", "data.csv: no columns are left as inputs")]
    [InlineData("x,y\n1,\"0\n", "data.csv(2): a quote in this row is never closed")]
    [InlineData("x,y\n1\"2,0\n", "data.csv(2): a quote stands within a field")]
    [InlineData("x,y\n\"1\"2,0\n", "data.csv(2): a quote stands within a field")]
    [InlineData("x,y\n\"1\n2\",0\n3,z\n", "data.csv(2): column 'x' holds '1\n2'")]
    [InlineData("", "data.csv: is empty")]
    [InlineData("\n\r\n", "data.csv: is empty")]
    public void Mistakes_are_named_with_file_line_and_column(string text, string message) =>
        Assert.Contains(message, Rejected(text, new CsvOptions { Label = "y" }), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_class_is_named_with_the_known_ones() =>
        Assert.Contains("'rose', which is not one of the classes 'setosa', 'lily'", Rejected(
            "x,kind\n1,rose\n", new CsvOptions { Label = "kind", Classes = ["setosa", "lily"] }), StringComparison.Ordinal);

    [Fact]
    public void A_quote_that_is_never_closed_does_not_swallow_a_large_file() =>
        Assert.Contains("data.csv(", Rejected("x,y\n\"1,0\n" + string.Concat(Enumerable.Repeat("1,0\n", 100_000)), new CsvOptions { Label = "y" }),
            StringComparison.Ordinal);

    [Fact]
    public void Numbers_are_read_alike_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = (CultureInfo)before.Clone();
        CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            Assert.Equal([1.5f], Assert.Single(Read("x,y\n1.5,0\n", new CsvOptions { Label = "y" }).Batches(1)).Floats(0).ToArray());
            Assert.Contains("'1,5'", Rejected("x;y\n1,5;0\n", new CsvOptions { Label = "y", Delimiter = ';' }), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_table_without_rows_has_no_samples() => Assert.Equal(0, Read("x,y\n", new CsvOptions { Label = "y" }).Count);

    [Fact]
    public void Files_are_read_with_or_without_a_byte_order_mark()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(2, Dataset.FromCsv(folder.Write("a.csv", "\uFEFF" + Flowers), new CsvOptions { Label = "kind", Classes = ["setosa", "versicolor"], Inputs = ["length"] }).Count);
    }

    private static Dataset Read(string text, CsvOptions options) => Dataset.FromCsv(new StringReader(text), "data.csv", options);

    private static string Rejected(string text, CsvOptions options) => Assert.Throws<InvalidDataException>(() => Read(text, options)).Message;
}
