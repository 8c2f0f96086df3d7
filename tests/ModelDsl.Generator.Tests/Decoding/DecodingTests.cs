using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Decoding;

/// <summary>Sessions give the bits of the whole forward pass, however the tokens come.</summary>
public sealed class DecodingTests(DecodedModels compiled) : IClassFixture<DecodedModels>
{
    private static readonly (int Bits, int Threads)[] Devices = [(512, 1), (256, 2), (128, 3), (512, 4)];

    public static TheoryData<string> TrainedNames => [.. TestScale.Some("models that generate and are trained", DecodedModels.Keys, 4)];

    [Theory]
    [MemberData(nameof(DecodedModels.AllNames), MemberType = typeof(DecodedModels))]
    public void Decoding_has_the_bits_of_the_whole_forward_pass(string name) => CheckBits(compiled.Library[name], Devices);

    /// <summary>Kernels that are launched with a multiple of the batch size are used by training steps too.</summary>
    [Theory]
    [MemberData(nameof(TrainedNames))]
    public void Training_steps_compute_what_the_graph_says(string name) => ModelCheck.Run(compiled.Library[name], n: 3);

    [Theory]
    [InlineData("Gpt")]
    [InlineData("Padded")]
    [InlineData("Wide")]
    [InlineData("LstmOnly")]
    [InlineData("RnnPadded")]
    [InlineData("Scanned")]
    [InlineData("Mixed")]
    public void Texts_of_one_batch_do_not_see_one_another(string name)
    {
        using var device = new CpuDevice { Threads = 3 };
        using var model = compiled.Library[name].Create(device, seed: 3);
        var texts = Enumerable.Range(0, 9).Select(seed => Decoded.Tokens(model, seed)).ToArray();
        var whole = texts.Select(text => Decoded.Logits(model, text)).ToArray();
        using var session = Decoded.Session(model, texts.Length);
        var random = new Random(1);
        for (var round = 0; round < 8; round++)
        {
            var counts = texts.Select((text, i) => Math.Min(text.Length - session.TokensOf(i).Length, random.Next(round == 0 ? 1 : 0, round % 3 == 0 ? 12 : 2))).ToArray();
            if (counts.Sum() == 0) continue;
            int[] tokens = [.. texts.SelectMany((text, i) => text.Skip(session.TokensOf(i).Length).Take(counts[i]))];

            var logits = session.Append(tokens, counts);

            for (var i = 0; i < texts.Length; i++)
            {
                var at = (session.TokensOf(i).Length - 1) * session.Vocabulary;
                AssertSame(whole[i].AsSpan(at, session.Vocabulary), logits.Slice(i * session.Vocabulary, session.Vocabulary), $"{name}, round {round}, text {i}");
            }
        }
    }

    [Theory]
    [InlineData("Gpt")]
    [InlineData("GruStack")]
    [InlineData("Scanned")]
    [InlineData("Mixed")]
    public void A_text_goes_on_from_where_it_was_truncated(string name)
    {
        using var model = compiled.Library[name].Create(Device.Cpu);
        using var session = Decoded.Session(model);
        var (text, other) = (Decoded.Tokens(model, 1), Decoded.Tokens(model, 2));
        session.Append(text);

        session.Truncate(7);
        var logits = session.Append(other.AsSpan(7)).ToArray();

        int[] mixed = [.. text.Take(7), .. other.Skip(7)];
        AssertSame(Decoded.Logits(model, mixed).AsSpan()[^session.Vocabulary..], logits, "after Truncate");
        Assert.Equal(mixed, session.TokensOf(0).ToArray());
    }

    [Theory]
    [InlineData("Rope")]
    [InlineData("LstmOnly")]
    [InlineData("Decaying")]
    public void A_fork_goes_its_own_way(string name)
    {
        using var model = compiled.Library[name].Create(Device.Cpu);
        using var session = Decoded.Session(model);
        var (text, other) = (Decoded.Tokens(model, 1), Decoded.Tokens(model, 2));
        session.Append(text.AsSpan(0, 20));

        using var fork = session.Fork();
        var forked = fork.Append(other.AsSpan(20)).ToArray();
        var logits = session.Append(text.AsSpan(20)).ToArray();

        AssertSame(Decoded.Logits(model, text).AsSpan()[^session.Vocabulary..], logits, "the session");
        AssertSame(Decoded.Logits(model, [.. text.Take(20), .. other.Skip(20)]).AsSpan()[^session.Vocabulary..], forked, "its fork");
    }

    /// <summary>Of a prompt that is longer than a chunk, the logits of its end alone are computed.</summary>
    [Theory]
    [InlineData("Gpt")]
    [InlineData("LstmOnly")]
    [InlineData("Mixed")]
    [InlineData("Bigram")]
    public void A_long_prompt_gives_the_logits_of_its_last_token(string name)
    {
        using var model = compiled.Library[name].Create(Device.Cpu);
        var texts = Enumerable.Range(0, 3).Select(seed => Decoded.Tokens(model, seed)).ToArray();
        int[] counts = [texts[0].Length, 25, 3];
        using var session = Decoded.Session(model, texts.Length);

        var logits = session.Append([.. texts.SelectMany((text, i) => text.Take(counts[i]))], counts);

        for (var i = 0; i < texts.Length; i++)
        {
            var whole = Decoded.Logits(model, texts[i]).AsSpan((counts[i] - 1) * session.Vocabulary, session.Vocabulary);
            AssertSame(whole, logits.Slice(i * session.Vocabulary, session.Vocabulary), $"{name}, text {i}");
        }
    }

    [Theory]
    [InlineData("Gpt")]
    [InlineData("Mixed")]
    public void What_slides_on_is_computed_as_if_the_text_began_there(string name)
    {
        using var model = compiled.Library[name].Create(Device.Cpu, seed: 3);
        using var session = Decoded.Session(model);
        var text = session.Generate(new[] { 3, 1 }, new() { MaxNewTokens = 60, AtContextEnd = ContextEnd.Slide }).ToArray();
        using var other = Decoded.Session(model);
        Assert.Equal(60, text.Length);
        Assert.Equal(text[^1], other.Generate(session.TokensOf(0).ToArray()).First());
    }

    /// <summary>Models with recurrences and attention in any order, over few positions and over more than a chunk.</summary>
    [Fact]
    public void Random_models_decode_with_the_bits_of_the_whole_forward_pass()
    {
        var count = TestScale.Of("random models that generate", 2);
        SpecBuilder[] models = [.. Enumerable.Range(TestScale.Seed * 1000, count).Select(seed => RandomRecurrences.Causal(seed, 1 + (7 * (seed % 8))))];
        using var library = ModelLibrary.Of([.. models.Select(model => model.Source.Replace("[Model]", "[Model, Generates]", StringComparison.Ordinal))]);
        Failures.Collect(models, model => CheckBits(library[model.Key], [(512, 2), (256, 1), (128, 1)]));
    }

    internal static void CheckBits(CompiledType type, IReadOnlyList<(int Bits, int Threads)> devices)
    {
        float[]? first = null;
        foreach (var (bits, threads) in devices.Where(device => Widths.ComparedBits.Contains(device.Bits)))
        {
            using var device = new CpuDevice { VectorBits = bits, Threads = threads };
            using var model = type.Create(device, seed: 3);
            var tokens = Decoded.Tokens(model, seed: 5);
            var whole = Decoded.Logits(model, tokens);
            AssertSame(first ??= whole, whole, $"{type.Spec.Type.Name}, {bits} bits");
            foreach (var parts in Partitions(tokens.Length))
            {
                using var session = Decoded.Session(model);
                var logits = new float[whole.Length];
                var done = 0;
                foreach (var part in parts)
                {
                    session.Append(tokens.AsSpan(done, part), logits.AsSpan(done * session.Vocabulary, part * session.Vocabulary));
                    done += part;
                }

                AssertSame(whole, logits, $"{type.Spec.Type.Name}, {bits} bits, {threads} threads, in parts of {string.Join(", ", parts.Distinct())}");
            }
        }
    }

    private static IEnumerable<int[]> Partitions(int length)
    {
        yield return [.. Enumerable.Repeat(1, length)];
        yield return [length];
        if (length > 32) yield return [32, length - 32];
        if (length < 20) yield break;
        yield return [3, 9, 1, 1, length - 14];
        yield return [1, 8, 7, length - 16];
    }

    internal static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])) continue;
            Assert.Fail($"{what}: value {i} is {actual[i]:R}, not {expected[i]:R}");
        }
    }
}
