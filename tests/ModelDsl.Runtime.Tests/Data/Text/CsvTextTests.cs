namespace ModelDsl.Runtime.Tests.Data.Text;

/// <summary>Texts from the columns of a table.</summary>
public class CsvTextTests
{
    private const string Reviews = "stars,review,title\r\n5,\"Good, \"\"very\"\" good\",Yes\r\n\r\n1,\"not\nvery good\",No\r\n";

    private static readonly WordTokenizer Words = WordTokenizer.FromWords(["good", "very", "not", "yes", "no"]);

    [Fact]
    public void A_column_is_read_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("reviews.csv", Reviews);

        Assert.Equal(["Good, \"very\" good", "not\nvery good"], CsvFile.ReadColumn(path, "review"));
        Assert.Equal(["b", "d"], CsvFile.ReadColumn(folder.Write("plain.csv", "a;b\nc;d\n"), "1", new CsvOptions { Delimiter = ';', HasHeader = false }));
    }

    [Fact]
    public void Columns_of_texts_are_the_first_inputs()
    {
        var batch = Assert.Single(Read(Reviews, new CsvOptions { Texts = [("title", new TextInput(Words, 1)), ("review", new TextInput(Words, 4))], Label = "stars" }).Batches(8));

        Assert.Equal(3, batch.Columns.Count);
        Assert.Equal([5, 6], batch.Ints(0).ToArray());
        Assert.Equal([2, 3, 2, 0, 4, 3, 2, 0], batch.Ints(1).ToArray());
        Assert.Equal([5, 1], batch.Ints(2).ToArray());
    }

    [Fact]
    public void Numbers_beside_a_text_are_an_input_of_their_own()
    {
        var batch = Assert.Single(Read("t,x,y,k\ngood,1,2,0\n", new CsvOptions { Texts = [("t", new TextInput(Words, 2))], Label = "k" }).Batches(8));

        Assert.Equal([2, 0], batch.Ints(0).ToArray());
        Assert.Equal([1f, 2], batch.Floats(1).ToArray());
    }

    [Theory]
    [InlineData("text,k\ngood,0\n", "data.csv: has no column 't'; it has 'text', 'k'.")]
    [InlineData("t,k\ngood,0\n,1\n", "data.csv(3): the text of column 't', '', is empty: leave it out")]
    [InlineData("t,k\n\n\n\"?\",1\n", "data.csv(4): the text of column 't', '?', has no token")]
    [InlineData("t,k\ngood\n", "data.csv(2): has 1 fields; the first row has 2")]
    [InlineData("t,k\n\"good,0\n", "data.csv(2): a quote in this row is never closed")]
    public void Mistakes_are_named_with_file_line_and_column(string text, string message) => Assert.StartsWith(
        message,
        Assert.Throws<InvalidDataException>(() => Read(text, new CsvOptions { Texts = [("t", new TextInput(Words, 2))], Label = "k" })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_word_outside_of_the_vocabulary_is_named_with_its_line() => Assert.StartsWith(
        "data.csv(3): the text of column 't', 'very bad', has a token that is not in the vocabulary, number 1",
        Assert.Throws<InvalidDataException>(() => Read("t\ngood\nvery bad\n", new CsvOptions { Texts = [("t", new TextInput(Words, 2) { AllowUnknown = false })] })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_missing_column_is_named_with_those_that_there_are()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("reviews.csv", Reviews);

        Assert.Equal($"{path}: has no column 'text'; it has 'stars', 'review', 'title'.", Assert.Throws<InvalidDataException>(() => CsvFile.ReadColumn(path, "text")).Message);
        Assert.Throws<FileNotFoundException>(() => CsvFile.ReadColumn(path + "x", "text"));
    }

    private static Dataset Read(string text, CsvOptions options) => Dataset.FromCsv(new StringReader(text), "data.csv", options);
}
