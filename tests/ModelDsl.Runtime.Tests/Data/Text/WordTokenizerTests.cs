namespace ModelDsl.Runtime.Tests.Data.Text;

public class WordTokenizerTests
{
    [Fact]
    public void The_most_frequent_words_come_first_behind_padding_and_unknown()
    {
        var tokenizer = WordTokenizer.FromTexts(["The cat and the dog.", "THE dog"]);

        Assert.Equal(["the", "dog", "cat", "and"], tokenizer.Words);
        Assert.Equal((6, 0, 1), (tokenizer.VocabularySize, tokenizer.PaddingId, tokenizer.UnknownId));
        Assert.Equal([2, 4, 1], tokenizer.Encode("the\tcat\n\nsleeps!"));
        Assert.Equal("the \uFFFD cat", tokenizer.Decode([0, 2, 1, 0, 4, 0]));
        Assert.Empty(tokenizer.Encode(" ?! \n"));
    }

    [Theory]
    [InlineData(1, null, "a b c d")]
    [InlineData(2, null, "a b c")]
    [InlineData(3, null, "a b")]
    [InlineData(1, 4, "a b")]
    [InlineData(1, 100, "a b c d")]
    [InlineData(2, 3, "a")]
    public void Words_must_be_frequent_and_fit_the_greatest_size(int frequency, int? size, string words)
    {
        var tokenizer = WordTokenizer.FromTexts(["a a a a b b", "b c c d"], new VocabularyOptions { MinimumFrequency = frequency, MaximumSize = size });

        Assert.Equal(words.Split(' '), tokenizer.Words);
        Assert.True(size is null || tokenizer.VocabularySize <= size);
    }

    [Fact]
    public void Cleaning_is_an_option()
    {
        var asIs = WordTokenizer.FromTexts(["Hello, hello!"], new VocabularyOptions { Cleaning = TextCleaning.None });
        var own = WordTokenizer.FromTexts(["Hello|World/x"], new VocabularyOptions { Cleaning = new TextCleaning { LowerCase = false, Removed = "o", Separators = "|" } });

        Assert.Equal(["hello!", "Hello,"], asIs.Words);
        Assert.Equal(["Wrld/x", "Hell"], own.Words);
        Assert.Equal(own.Encode("Wrld/x Hell"), own.Encode("World/x|Hello"));
    }

    [Fact]
    public void A_saved_vocabulary_gives_the_same_ids()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "words.json");
        var tokenizer = WordTokenizer.FromTexts(["Größe \"x\" 😀 größe, y|z"], new VocabularyOptions { Cleaning = new TextCleaning { Removed = ",", Separators = "|\"" } });
        tokenizer.Save(path);
        tokenizer.Save(path);
        var again = WordTokenizer.Load(path);

        Assert.Equal([path], Directory.GetFiles(folder.Path));
        Assert.Equal(tokenizer.Words, again.Words);
        Assert.Equal(tokenizer.Cleaning, again.Cleaning);
        Assert.Equal(tokenizer.Encode("GRÖSSE größe|😀 new"), again.Encode("GRÖSSE größe|😀 new"));
    }

    [Theory]
    [InlineData("hello\nworld", "WordTokenizer.FromWords(File.ReadLines(path))")]
    [InlineData("[1]", "not of WordTokenizer.Save")]
    [InlineData("{\"format\":\"modeldsl.characters\"}", "not of WordTokenizer.Save")]
    [InlineData("{\"format\":\"modeldsl.words\",\"version\":2}", "version 2")]
    [InlineData("{\"format\":\"modeldsl.words\",\"version\":1,\"words\":[\"a\"]}", "damaged")]
    [InlineData("{\"format\":\"modeldsl.words\",\"version\":1,\"cleaning\":{\"lowerCase\":true,\"removed\":\"\",\"separators\":\"\"},\"words\":7}", "damaged")]
    [InlineData("{\"format\":\"modeldsl.words\",\"version\":1,\"cleaning\":{\"lowerCase\":true,\"removed\":\"\",\"separators\":\"\"},\"words\":[\"a\",\"a\"]}", "'a' twice")]
    [InlineData("{\"format\":\"modeldsl.words\",\"version\":1,\"cleaning\":{\"lowerCase\":true,\"removed\":\"\",\"separators\":\"\"},\"words\":[\"A\"]}", "cleaning makes 'a' of it")]
    [InlineData("{\"format\":\"modeldsl.words\",\"version\":1,\"cleaning\":{\"lowerCase\":true,\"removed\":\"\",\"separators\":\"\"},\"words\":[]}", "There are no words")]
    public void A_file_of_another_kind_or_version_is_refused_and_says_why(string content, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("words.json", content);
        var message = Assert.Throws<InvalidDataException>(() => WordTokenizer.Load(path)).Message;

        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_that_cannot_be_written_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("words.json", "old");

        Assert.Throws<DirectoryNotFoundException>(() => WordTokenizer.FromWords(["a"]).Save(Path.Combine(folder.Path, "none", "words.json")));
        Assert.Throws<IOException>(() => WordTokenizer.FromWords(["a"]).Save(folder.Path));
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Theory]
    [InlineData(new string[0], 1, "There is no word in the texts (0 of them).")]
    [InlineData(new[] { "", " ?!" }, 1, "There is no word in the texts (2 of them).")]
    [InlineData(new[] { "a b", "c" }, 2, "None of the 3 words in the texts occurs 2 times")]
    public void Texts_without_a_vocabulary_are_refused(string[] texts, int frequency, string reason) => Assert.StartsWith(
        reason, Assert.Throws<ArgumentException>(() => WordTokenizer.FromTexts(texts, new VocabularyOptions { MinimumFrequency = frequency })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a b", "found in no text")]
    [InlineData("Hello", "cleaning makes 'hello' of it")]
    [InlineData("", "is empty")]
    [InlineData("\uFFFD", "stands for unknown words")]
    [InlineData("x\uD800", "cannot be saved")]
    public void A_word_that_no_text_can_have_is_refused(string word, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => WordTokenizer.FromWords(["one", word])).Message, StringComparison.Ordinal);

    [Fact]
    public void Damaged_characters_are_unknown()
    {
        var tokenizer = WordTokenizer.FromTexts(["x\uD800 \uFFFD y"]);

        Assert.Equal(["y"], tokenizer.Words);
        Assert.Equal([1, 1, 2], tokenizer.Encode("x\uD800 \uFFFD y"));
    }

    [Fact]
    public void Ids_outside_the_vocabulary_are_rejected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WordTokenizer.FromWords(["a"]).Decode([3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => WordTokenizer.FromWords(["a"]).Decode([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocabularyOptions { MaximumSize = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocabularyOptions { MinimumFrequency = 0 });
    }

    [Fact]
    public void Characters_have_the_same_options()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "characters.json");
        var tokenizer = CharacterTokenizer.FromTexts(["Abba!", "cab"], new VocabularyOptions { MinimumFrequency = 2, Cleaning = TextCleaning.Default });
        tokenizer.Save(path);
        var again = CharacterTokenizer.Load(path);

        Assert.Equal("ab", tokenizer.Characters);
        Assert.Equal([3, 2, 1], tokenizer.Encode("BA!c"));
        Assert.Equal([3, 2, 1], again.Encode("BA!c"));
        Assert.Equal(TextCleaning.Default, again.Cleaning);
        Assert.Equal("bc", CharacterTokenizer.FromTexts(["cbcb a"], new VocabularyOptions { MaximumSize = 4 }).Characters);
        Assert.Equal("!Aab", CharacterTokenizer.FromTexts(["Aba", "!"]).Characters);
        Assert.Throws<ArgumentException>(() => CharacterTokenizer.FromTexts(["", ""]));
        Assert.Throws<ArgumentException>(() => CharacterTokenizer.FromTexts(["abc"], new VocabularyOptions { MinimumFrequency = 2 }));
    }
}
