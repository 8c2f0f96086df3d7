using ModelDsl.Generator.Decoding;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Decoding;

/// <summary>Sessions of models with inputs in addition to the tokens, such as the source of a translation: what depends on them alone is computed once.</summary>
public sealed class EncoderDecoderTests(DecodedModels compiled) : IClassFixture<DecodedModels>
{
    [Theory]
    [MemberData(nameof(DecodedModels.EncoderDecoderNames), MemberType = typeof(DecodedModels))]
    public void The_encoder_and_a_chunk_of_all_positions_give_the_values_of_the_whole_graph(string name)
    {
        const int Samples = 2;
        var lowered = Lowering.Lower(compiled.Library[name].Spec);
        var (whole, tokens) = (lowered.Infer!, lowered.Inputs.Count - 1);
        var length = lowered.Inputs[tokens].Node.Shape[1].Value;
        var layout = new CacheLayout();
        var chunk = ChunkPass.Run(whole, tokens, length, layout);
        var encoder = ChunkPass.Encoder(layout)!;
        var random = new Random(3);
        var columns = whole.Nodes.OfType<InputNode>().DistinctBy(input => input.Column).ToDictionary(
            input => input.Column,
            input => Enumerable.Range(0, Samples * input.Shape.Length).Select(_ => input.Type == ElementType.Int ? random.Next(input.Bound) : random.NextDouble()).ToArray());
        var parameters = whole.Nodes.OfType<ParameterNode>().Where(node => node is not ConstantNode).DistinctBy(node => node.Name)
            .ToDictionary(node => node.Name, node => Enumerable.Range(0, node.Shape.Length).Select(_ => random.NextDouble() - 0.5).ToArray());

        var expected = new GraphInterpreter(Samples) { Columns = columns, Parameters = parameters }.Run(whole, RootKind.Output);
        var encoded = encoder.Roots.ToDictionary(
            root => root.Offset, root => new GraphInterpreter(Samples) { Columns = columns, Parameters = parameters }.Run(new ModelGraph([root]), RootKind.Encoded));
        double[] positions = [.. Enumerable.Range(0, Samples).SelectMany(_ => Enumerable.Range(0, length)).Select(position => (double)position)];
        var actual = new GraphInterpreter(Samples)
        {
            Columns = new() { [ChunkPass.TokenColumn] = columns[tokens], [ChunkPass.PositionColumn] = positions },
            Parameters = parameters,
            Encoded = encoded,
        }.Run(chunk, RootKind.Output);

        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12);
    }

    [Theory]
    [MemberData(nameof(DecodedModels.EncoderDecoderNames), MemberType = typeof(DecodedModels))]
    public void A_token_reads_no_other_input(string name)
    {
        var decoding = ModelCompiler.Plan(compiled.Library[name].Spec).Decoding!;
        Assert.All(decoding.Chunks, chunk => Assert.Equal(["positions", "tokens"], chunk.Graph.Nodes.OfType<InputNode>()
            .Select(input => input.Column == ChunkPass.PositionColumn ? "positions" : "tokens").Distinct().Order()));
        Assert.All(decoding.Encoder!.Graph.Roots, root => Assert.Equal(RootKind.Encoded, root.Kind));
        Assert.Equal(
            decoding.Chunks[0].Graph.Nodes.OfType<EncodedNode>().Select(node => node.Offset).Distinct().Order(),
            decoding.Encoder.Graph.Roots.Select(root => root.Offset).Order());
    }

    /// <summary>An encoder computes its output once, and not the keys and values that it is made of again for each token.</summary>
    [Fact]
    public void Keys_and_values_of_the_source_are_computed_by_the_encoder()
    {
        var decoding = ModelCompiler.Plan(compiled.Library["Translation"].Spec).Decoding!;
        bool ReadsEncoded(Node node) => node.Operands.Any(operand => operand.Node is EncodedNode);
        Assert.DoesNotContain(
            decoding.Chunks[^1].Graph.Nodes.OfType<ContractNode>(), product => ReadsEncoded(product) && product.Operands.Any(operand => operand.Node is ParameterNode));
    }

    [Theory]
    [MemberData(nameof(DecodedModels.EncoderDecoderNames), MemberType = typeof(DecodedModels))]
    public void Each_text_of_a_batch_has_its_own_source(string name)
    {
        using var device = new CpuDevice { Threads = 2 };
        using var model = compiled.Library[name].Create(device, seed: 3);
        int[] counts = [5, 26, 1];
        var texts = Enumerable.Range(0, counts.Length).Select(seed => Decoded.Tokens(model, seed)).ToArray();
        using var session = Decoded.Session(model, texts.Length, given: 1);

        var logits = session.Append([.. texts.SelectMany((text, i) => text.Take(counts[i]))], counts);

        for (var i = 0; i < texts.Length; i++)
        {
            var whole = Decoded.Logits(model, texts[i], given: 1 + i).AsSpan((counts[i] - 1) * session.Vocabulary, session.Vocabulary);
            DecodingTests.AssertSame(whole, logits.Slice(i * session.Vocabulary, session.Vocabulary), $"{name}, text {i}");
        }
    }

    [Theory]
    [MemberData(nameof(DecodedModels.EncoderDecoderNames), MemberType = typeof(DecodedModels))]
    public void The_source_stays_after_Truncate_and_in_a_fork(string name)
    {
        using var model = compiled.Library[name].Create(Device.Cpu, seed: 3);
        using var session = Decoded.Session(model, given: 2);
        var (text, other) = (Decoded.Tokens(model, 1), Decoded.Tokens(model, 2));
        session.Append(text);
        session.Truncate(0);
        using var fork = session.Fork();

        var logits = session.Append(other).ToArray();
        var forked = fork.Append(text).ToArray();

        DecodingTests.AssertSame(Decoded.Logits(model, other, given: 2).AsSpan()[^session.Vocabulary..], logits, "the session");
        DecodingTests.AssertSame(Decoded.Logits(model, text, given: 2).AsSpan()[^session.Vocabulary..], forked, "its fork");
    }

    [Fact]
    public void A_source_of_another_length_or_vocabulary_is_an_error()
    {
        using var model = compiled.Library["Translation"].Create(Device.Cpu);
        var begin = model.GetType().GetMethod("CreateSession")!.CreateDelegate<Begin>(model);
        Assert.Contains("'source' of Translation takes 20 values per sample", Assert.Throws<ArgumentException>(() => begin(new int[19])).Message, StringComparison.Ordinal);
        Assert.Contains("13", Assert.ThrowsAny<ArgumentException>(() => begin([.. Enumerable.Repeat(13, 20)])).Message, StringComparison.Ordinal);
        Assert.Equal(2, begin(new int[40]).Samples);
    }

    private delegate GenerationSession Begin(ReadOnlySpan<int> source);
}
