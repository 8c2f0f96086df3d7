using System.Text.Json;
using ModelDsl.Runtime.Tests.Data;

namespace ModelDsl.Text.Tests;

/// <summary>Models of SentencePiece, compared with SentencePiece itself: <c>tests/vectors/sentence_pieces.py</c> writes the vectors.</summary>
public class SentencePieceTokenizerTests
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(PathOf("sentencepiece.json"))).RootElement;

    public static TheoryData<string, int> Texts
    {
        get
        {
            var texts = new TheoryData<string, int>();
            foreach (var model in Root.EnumerateObject())
            {
                for (var i = 0; i < model.Value.GetProperty("texts").GetArrayLength(); i++)
                    texts.Add(model.Name, i);
            }

            return texts;
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Ids_and_decoded_texts_are_those_of_SentencePiece(string model, int index)
    {
        var expected = Root.GetProperty(model).GetProperty("texts")[index];
        var tokenizer = Load(model);
        int[] ids = [.. expected.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

        Assert.Equal(ids, tokenizer.Encode(expected.GetProperty("text").GetString()!));
        Assert.Equal(expected.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
    }

    [Theory]
    [InlineData("unigram")]
    [InlineData("bpe")]
    public void A_model_has_its_sizes_and_special_ids(string model)
    {
        var (expected, tokenizer) = (Root.GetProperty(model), Load(model));
        Assert.Equal(expected.GetProperty("size").GetInt32(), tokenizer.VocabularySize);
        Assert.Equal(expected.GetProperty("unknown").GetInt32(), tokenizer.UnknownId);
        Assert.Equal(expected.GetProperty("padding").GetInt32(), tokenizer.PaddingId);
        Assert.Equal("a", tokenizer.Decode([.. tokenizer.Encode("a"), tokenizer.PaddingId]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([tokenizer.VocabularySize]));
    }

    [Fact]
    public void The_ids_around_a_text_are_added_where_they_are_asked_for()
    {
        var (plain, around) = (Load("bpe"), SentencePieceTokenizer.Load(PathOf("sentencepiece_bpe.model"), new SentencePieceOptions { AddBeginning = true, AddEnd = true }));
        Assert.Equal([plain.BeginningOfTextId!.Value, .. plain.Encode("a model"), plain.EndOfTextId!.Value], around.Encode("a model"));
        Assert.Contains("has no id that begins a text", Assert.Throws<ArgumentException>(() => SentencePieceTokenizer.Load(PathOf("sentencepiece_unigram.model"), new SentencePieceOptions { AddBeginning = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_an_error()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(PathOf("sentencepiece_bpe.model"));
        foreach (var content in (byte[][])[whole[..(whole.Length / 2)], whole[..^1], [], "no model"u8.ToArray()])
        {
            var path = folder.Write("x.model", content);
            Assert.StartsWith($"'{path}' cannot be read as a model of SentencePiece", Assert.Throws<InvalidDataException>(() => SentencePieceTokenizer.Load(path)).Message, StringComparison.Ordinal);
        }

        Assert.Throws<FileNotFoundException>(() => SentencePieceTokenizer.Load(Path.Combine(folder.Path, "none.model")));
    }

    private static SentencePieceTokenizer Load(string model) => SentencePieceTokenizer.Load(PathOf($"sentencepiece_{model}.model"));

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "vectors", name);
}
