using Microsoft.ML.OnnxRuntime.Tensors;
using ModelDsl.Ilgpu.Tests;

namespace ModelDsl.Onnx.Tests;

/// <summary>Inputs of strings that the file converts to token ids.</summary>
public sealed class TokenTests : FileTests
{
    private const int Length = 6;

    private static readonly WordTokenizer Words = WordTokenizer.FromWords(["the", "cat", "sat", "on", "mat", "straße", "naïve", "猫", "🐈"]);

    [Theory]
    [InlineData(17, true)]
    [InlineData(21, true)]
    [InlineData(23, true)]
    [InlineData(21, false)]
    public void Predictions_for_words_are_those_for_the_ids_of_the_tokenizer(int opset, bool dynamicBatch)
    {
        string[] texts = ["The cat sat!", "the dog sat on the mat", "Naïve 猫 🐈, Straße"];
        Compare(new OnnxExportOptions { Opset = opset, DynamicBatch = dynamicBatch, BatchSize = dynamicBatch ? 1 : texts.Length, Tokens = [new() { Tokenizer = Words }] }, "", texts, text => Words.Cleaning.Apply(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Predictions_for_characters_are_those_for_the_ids_of_the_tokenizer()
    {
        // Two ids of the model are not used.
        var tokenizer = CharacterTokenizer.FromCharacters("a\nb c🐈é", size: 11);
        Compare(new OnnxExportOptions { Tokens = [new() { Tokenizer = tokenizer, Input = "input", PaddingToken = "<pad>" }] }, "<pad>", ["abc", "a\nb 🐈é", "xyz", "c"], text => [.. text.EnumerateRunes().Select(rune => rune.ToString())]);
    }

    [Fact]
    public void Each_of_two_inputs_has_a_lookup_of_its_own()
    {
        var other = WordTokenizer.FromWords(["mat", "the"]);
        using var model = new TwoTexts(seed: 2);
        model.ExportOnnx(File, new OnnxExportOptions { Tokens = [new() { Tokenizer = other, Input = "b" }, new() { Tokenizer = Words, Input = "a" }] });
        using var session = new OnnxSession(File);
        var expected = model.Predict([3, 2], [3, 2]);
        var actual = session.RunTexts(new Dictionary<string, DenseTensor<string>> { ["a"] = new(new[] { "cat", "the" }, [1, 2]), ["b"] = new(new[] { "the", "mat" }, [1, 2]) })["output"];
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Only_files_with_a_lookup_use_operators_of_classic_machine_learning()
    {
        using var model = new Attentive();
        Assert.Equal([("", 21L)], Operators([]));
        Assert.Equal([("", 21L), ("ai.onnx.ml", 2L)], Operators([new() { Tokenizer = Words }]));

        IEnumerable<(string, long)> Operators(OnnxTokens[] tokens) =>
            OnnxModelWriter.Write("Attentive", model.Description.Graph!(), new ModelValues(model), new OnnxExportOptions { Tokens = tokens }).OpsetImport.Select(set => (set.Domain, set.Version));
    }

    [Fact]
    public void Tokens_that_do_not_fit_the_model_are_an_error()
    {
        using var numbers = new Classifier();
        using var texts = new Attentive();
        using var two = new TwoTexts();
        Fails(numbers, "a lookup without a name is for one input of token ids, but the model has none.", new OnnxTokens { Tokenizer = Words });
        Fails(two, "but the model has 'a', 'b': set Input to a name", new OnnxTokens { Tokenizer = Words });
        Fails(texts, "no input of token ids 'words'; its inputs of token ids are: 'input'", new OnnxTokens { Tokenizer = Words, Input = "words" });
        Fails(texts, "there are two lookups for the input 'input'", new OnnxTokens { Tokenizer = Words }, new OnnxTokens { Tokenizer = Words, Input = "input" });
        Fails(texts, "the tokenizer has 12 ids, but the input 'input' accepts 11", new OnnxTokens { Tokenizer = CharacterTokenizer.FromCharacters("abc", size: 12) });
        Fails(texts, "PaddingToken is 'cat', which is a token of the tokenizer", new OnnxTokens { Tokenizer = Words, PaddingToken = "cat" });
        Fails(texts, "must not be null", [null!]);
        Fails(texts, "must not be null", new OnnxTokens { Tokenizer = null! });

        void Fails(Model model, string message, params OnnxTokens[] tokens) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => model.ExportOnnx(File, new OnnxExportOptions { Tokens = tokens })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_of_parts_of_words_is_an_error_that_says_what_ONNX_lacks()
    {
        using var model = new Attentive();
        var error = Assert.Throws<NotSupportedException>(() => model.ExportOnnx(File, new OnnxExportOptions { Tokens = [new() { Tokenizer = new Parts() }] }));
        Assert.Contains("The lookup of a Parts cannot be written as ONNX: the standard looks up whole words or characters (LabelEncoder), but has no operator that splits a word into parts or bytes.", error.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    private void Compare(OnnxExportOptions options, string padding, string[] texts, Func<string, string[]> split)
    {
        using var model = new Attentive(seed: 5);
        model.ExportOnnx(File, options);
        using var session = new OnnxSession(File);
        string[] tokens = [.. texts.SelectMany(text => split(text).Concat(Enumerable.Repeat(padding, Length)).Take(Length))];
        var expected = model.Predict([.. texts.SelectMany(text => options.Tokens[0].Tokenizer.EncodeToLength(text, Length))]);
        var actual = session.RunTexts(new Dictionary<string, DenseTensor<string>> { ["input"] = new(tokens, [texts.Length, Length]) })["output"];
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    private sealed class Parts : ITokenizer
    {
        public int VocabularySize => 11;

        public int PaddingId => 0;

        public int? UnknownId => null;

        public int[] Encode(ReadOnlySpan<char> text) => [];

        public string Decode(ReadOnlySpan<int> ids) => "";
    }
}

[Model, SoftmaxCrossEntropy]
public sealed partial class TwoTexts
{
    private static Tensor Forward([TokenInput(2, 11)] Tensor a, [TokenInput(2, 4)] Tensor b) => Tensor.Concat(a.Embedding(3).Flatten(), b.Embedding(3).Flatten()).Dense(3);
}
