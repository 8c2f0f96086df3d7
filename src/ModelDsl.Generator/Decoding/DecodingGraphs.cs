using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Decoding;

/// <summary>The graphs of a session: one over a chunk of positions, for prompts, and one over a single position.</summary>
/// <param name="Layout">The buffers that the session keeps.</param>
/// <param name="Counts">The number of positions of each graph.</param>
/// <param name="Chunks">The graphs, with the graph of a single position last.</param>
internal sealed record DecodingGraphs(CacheLayout Layout, IReadOnlyList<int> Counts, IReadOnlyList<PreparedGraph> Chunks)
{
    /// <summary>The graph of the values that depend on other inputs than the tokens, such as an encoder's output; null if there are none.</summary>
    public PreparedGraph? Encoder { get; init; }

    /// <summary>All graphs in the order of their plans: the chunks, and then the encoder.</summary>
    public IEnumerable<PreparedGraph> All => Encoder is null ? Chunks : [.. Chunks, Encoder];

    /// <summary>The number of positions of a chunk. With fewer, weights are read more often; with more, more positions at the end of a prompt are computed without use.</summary>
    private const int Chunk = 24;

    /// <summary>Whether only states of recurrences depend on positions, so that a text can continue after the last position.</summary>
    public bool HasStatesOnly
    {
        get
        {
            var nodes = Chunks[0].Graph.Nodes;
            var read = new HashSet<Node>(nodes.SelectMany(node => node.Operands).Select(operand => operand.Node));
            bool KeepsState(Node node) => node is RecallNode || (node is CacheNode && !read.Contains(node));
            return nodes.All(node => KeepsState(node) || !node.Operands.Any(operand => operand.Node is InputNode { Column: ChunkPass.PositionColumn }));
        }
    }

    /// <summary>Builds the graphs of a model.</summary>
    /// <param name="infer">Its inference graph over all positions. The results of a session are equal to its results, bit for bit.</param>
    /// <param name="tokens">The column of the tokens.</param>
    public static DecodingGraphs Of(PreparedGraph infer, int tokens)
    {
        var length = infer.Graph.Roots.First(root => root.Kind == RootKind.Output).Value.Shape[1].Value;
        var layout = new CacheLayout();
        int[] counts = length == 1 ? [1] : [Math.Min(Chunk, length), 1];
        PreparedGraph[] chunks = [.. counts.Select(count => PreparedGraph.Of(ChunkPass.Run(infer.Graph, tokens, count, layout), PlanParts.OfDecoding))];
        return new(layout, counts, chunks) { Encoder = ChunkPass.Encoder(layout) is { } encoder ? PreparedGraph.Of(encoder, PlanParts.OfEncoder) : null };
    }
}
