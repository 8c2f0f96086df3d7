using System.Text;
using System.Text.Json;
using CharGpt;
using CharGpt.Pretrained;

namespace ModelDsl.Text.Tests.Samples;

/// <summary>A folder as Hugging Face writes GPT-2, with the option --weights of the sample CharGpt: tests/vectors/gpt2_folder.py.</summary>
public sealed class PretrainedGpt2Tests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "gpt2_folder.json"))).RootElement;

    private static readonly int[] Ids = [.. Vectors.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

    private static readonly int PromptLength = Vectors.GetProperty("promptIds").GetArrayLength();

    private static string Prompt => Vectors.GetProperty("prompt").GetString()!;

    private static Sampling Greedy(int tokens) => new(tokens, Temperature: 0, TopK: 0, TopP: 1, Seed: 1);

    [Fact]
    public void Logits_are_those_of_PyTorch()
    {
        using var folder = new Gpt2Folder();
        using var gpt2 = folder.Load();
        float[] expected = [.. Vectors.GetProperty("logits").EnumerateArray().Select(number => number.GetSingle())];

        float[] actual = [.. ((TinyGpt2)gpt2.Model).PredictLogits(Ids).Chunk(TinyGpt2.Vocabulary).Where((_, position) => position % 4 == 0).SelectMany(row => row)];

        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Sqrt(expected.Average(value => (double)value * value));
        var error = expected.Zip(actual).Max(pair => Math.Abs((double)pair.First - pair.Second));
        Assert.True(error <= 1e-5 * scale, $"The greatest error is {error / scale:e2} of the root mean square.");
    }

    [Fact]
    public void The_greedy_continuation_is_that_of_PyTorch()
    {
        using var folder = new Gpt2Folder();
        using var gpt2 = folder.Load();
        using var session = gpt2.CreateSession();

        Assert.Equal(Ids[..PromptLength], gpt2.Tokenizer.Encode(Prompt));
        Assert.Equal(Ids[PromptLength..], session.Generate(Ids.AsMemory(0, PromptLength), Greedy(Ids.Length - PromptLength).Options()));
    }

    [Fact]
    public void A_continuation_is_written_in_whole_characters_as_it_becomes_known()
    {
        using var folder = new Gpt2Folder();
        using var gpt2 = folder.Load();
        using var output = new Parts();

        var continuation = Continuation.Write(gpt2, Prompt, Greedy(Ids.Length - PromptLength), output, CancellationToken.None);

        var expected = Vectors.GetProperty("continuation").GetString()!;
        Assert.Equal(Prompt + expected + Environment.NewLine, string.Concat(output.Written));
        Assert.Equal(Ids.Length - PromptLength + 2, output.Written.Count);
        Assert.Contains("🐈", output.Written);
        Assert.DoesNotContain(output.Written, part => part.Contains('\uFFFD', StringComparison.Ordinal));
        Assert.Equal((PromptLength, Ids.Length - PromptLength, FinishReason.Length), (continuation.PromptTokens, continuation.Tokens, continuation.Reason));
        Assert.InRange(continuation.TokensPerSecond, 1, 1e9);
    }

    [Fact]
    public void An_empty_prompt_begins_a_text_and_one_that_is_too_long_is_an_error()
    {
        using var folder = new Gpt2Folder();
        using var gpt2 = folder.Load();

        Assert.Equal(1, Continuation.Write(gpt2, "", Greedy(3), TextWriter.Null, CancellationToken.None).PromptTokens);
        var error = Assert.Throws<ArgumentException>(() => Continuation.Write(gpt2, new string('x', 33), Greedy(3), TextWriter.Null, CancellationToken.None));
        Assert.Equal("The prompt has 33 tokens, but TinyGpt2 has 32 positions: shorten --prompt.", error.Message);
    }

    [Fact]
    public void The_class_that_fits_is_chosen()
    {
        using var folder = new Gpt2Folder();
        var other = TinyGpt2.Shape with { Name = "Other", Layers = 12, Create = _ => throw new InvalidOperationException() };

        using var gpt2 = PretrainedGpt2.Load(folder.Path, [other, TinyGpt2.Shape]);

        Assert.Equal("TinyGpt2", gpt2.Shape.Name);
    }

    [Fact]
    public void The_number_of_ids_may_be_rounded_up()
    {
        using var folder = new Gpt2Folder();
        foreach (var size in (int[])[272, 320, 384])
        {
            folder.Set("config.json", "vocab_size", size);
            using var gpt2 = folder.Load(TinyGpt2.Shape with { Vocabulary = size });
            Assert.Equal(269, gpt2.Tokenizer.VocabularySize);
        }
    }

    /// <summary>Keeps each part that is written.</summary>
    private sealed class Parts : TextWriter
    {
        public List<string> Written { get; } = [];

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(string? value) => Written.Add(value!);

        public override void WriteLine(string? value) => Written.Add(value + Environment.NewLine);
    }
}
