using ModelDsl.Generator.Decoding;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Decoding;

/// <summary>The rewritten graph computes what the graph over all positions does, by the interpreter.</summary>
public sealed class ChunkPassTests(DecodedModels compiled) : IClassFixture<DecodedModels>
{
    private const int Samples = 2;

    [Theory]
    [MemberData(nameof(DecodedModels.Names), MemberType = typeof(DecodedModels))]
    public void A_chunk_of_all_positions_gives_the_values_of_the_whole_graph(string name)
    {
        var whole = Lowering.Lower(compiled.Library[name].Spec).Infer!;
        var length = whole.Roots.First(root => root.Kind == RootKind.Output).Value.Shape[1].Value;
        var chunk = ChunkPass.Run(whole, 0, length, new CacheLayout());
        var random = new Random(3);
        double[] tokens = [.. Enumerable.Range(0, Samples * length).Select(_ => (double)random.Next(DecodedModels.Vocabulary))];
        double[] positions = [.. Enumerable.Range(0, Samples).SelectMany(_ => Enumerable.Range(0, length)).Select(position => (double)position)];
        var parameters = whole.Nodes.OfType<ParameterNode>().Where(node => node is not ConstantNode).DistinctBy(node => node.Name)
            .ToDictionary(node => node.Name, node => Enumerable.Range(0, node.Shape.Length).Select(_ => random.NextDouble() - 0.5).ToArray());

        var expected = new GraphInterpreter(Samples) { Columns = new() { [0] = tokens }, Parameters = parameters }.Run(whole, RootKind.Output);
        var actual = new GraphInterpreter(Samples) { Columns = new() { [0] = tokens, [ChunkPass.PositionColumn] = positions }, Parameters = parameters }.Run(chunk, RootKind.Output);

        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12);
    }

    [Theory]
    [InlineData("Gpt")]
    [InlineData("LstmOnly")]
    public void What_a_session_keeps_is_computed_before_the_logits(string name)
    {
        var model = ModelCompiler.Plan(compiled.Library[name].Spec);
        foreach (var plan in model.PlansFor(CpuTarget.Avx512).Decoding)
        {
            Assert.Equal([0, 1], plan.Parts.Select(part => part.Part));
            Assert.All(plan.Fused.Groups.Where(group => group.Kind is GroupKind.Cache or GroupKind.Scan), group => Assert.Equal(0, group.Part));
            Assert.Equal(1, plan.Fused.Groups.Single(group => group.Name == "dense1").Part);
        }
    }

    [Theory]
    [InlineData("LstmOnly", true)]
    [InlineData("RnnPadded", true)]
    [InlineData("Bigram", true)]
    [InlineData("Mixed", false)]
    [InlineData("Gpt", false)]
    public void Only_states_go_on_beyond_the_context(string name, bool hasStatesOnly) =>
        Assert.Equal(hasStatesOnly, ModelCompiler.Plan(compiled.Library[name].Spec).Decoding!.HasStatesOnly);

    [Fact]
    public void Chunks_of_different_lengths_keep_the_same_buffers()
    {
        var whole = Lowering.Lower(compiled.Library["Gpt"].Spec).Infer!;
        var layout = new CacheLayout();
        var (some, one) = (ChunkPass.Run(whole, 0, 8, layout), ChunkPass.Run(whole, 0, 1, layout));
        int[] Offsets(ModelGraph graph) => [.. graph.Nodes.OfType<CacheNode>().Select(cache => cache.Offset)];
        Assert.Equal(4, layout.Slots.Count);
        Assert.Equal(Offsets(some), Offsets(one));
        Assert.Equal(layout.Slots.Select(slot => slot.Offset).Order(), Offsets(one).Order());
    }
}
