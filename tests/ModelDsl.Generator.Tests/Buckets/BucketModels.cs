using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Buckets;

/// <summary>Models whose input has buckets, and the same models without, compiled once. Texts have 48 positions of 9 tokens, and padding is 0.</summary>
public sealed class BucketModels() : LibraryFixture(Sources)
{
    /// <summary>The lengths of the buckets.</summary>
    public static readonly int[] Lengths = [7, 16, 32];

    private const string Input = "TokenInput(48, 9, Padding = 0, Buckets = new[] { 7, 16, 32 })";

    private static readonly Dictionary<string, string> Models = new()
    {
        ["Mean"] = "<input>, Embedding(8), GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public partial class <name>;",
        ["Encoder"] = "<input>, Embedding(24), PositionalEmbedding, TransformerEncoder(2, 24), GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public partial class <name>;",
        ["Recomputed"] = "<input>, Embedding(8), Repeat<Deep>(2, Recompute = true), GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public partial class <name>;",
        ["Rotary"] = "<input>, Embedding(24), SinusoidalEmbedding, TransformerEncoder(2, 24, Rope = true, NormFirst = true), SelfAttention(2, Causal = true, Window = 5), GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public partial class <name>;",
        ["Both"] = "<input>, Embedding(8), Lstm(10, Bidirectional = true), Dense(3), SoftmaxCrossEntropy] public partial class <name>;",
        ["Stack"] = "<input>, Embedding(8), Gru(6, Layers = 2, ReturnSequences = true), LayerNorm, GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public partial class <name>;",
        ["Sparse"] = "<input>, Embedding(8, SparseUpdates = true), GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public partial class <name>;",
        ["Forwarded"] = """
            SoftmaxCrossEntropy] public partial class <name>
            {
                private static Tensor Forward([<input>] Tensor tokens, [TokenInput(48, 4, Buckets = new[] { 7, 16, 32 })] Tensor kinds, [Input(5)] Tensor numbers)
                {
                    var x = (tokens.Embedding(12) + kinds.Embedding(12)).Dense(12).Gelu();
                    var scanned = x.Scan(numbers.Dense(12), (h, e) => { var next = (h.Dense(12) + e).Tanh(); return (next, next); });
                    var memory = x + scanned;
                    var read = numbers.Dense(12).Reshape(1, 12).CrossAttention(memory, 2);
                    return Tensor.Concat(read.Reshape(12), memory.Last(), memory.Sum(0)).Dense(3);
                }
            }
            """,
        ["Measured"] = """
            ] public partial class <name>
            {
                private static (Tensor topic, Tensor price) Forward([<input>] Tensor words)
                {
                    var h = words.Embedding(8).Dense(8).Relu().Mean(0).Output("pooled");
                    return (h.Dense(3), h.Dense(1));
                }

                [Loss]
                private static Tensor Loss(Tensor topic, [Label(3)] Tensor kind, Tensor price, [Target(1)] Tensor paid) =>
                    topic.SoftmaxCrossEntropy(kind) + 0.5 * price.MeanSquaredError(paid);
            }
            """,
        ["Several"] = """
            ] public partial class <name>
            {
                private readonly Maker maker = new();
                private readonly Judge judge = new();

                private Tensor Forward([<input>] Tensor words) => words.Embedding(8).Mean(0).Apply(maker);

                [Loss(Trains = nameof(judge))]
                private Tensor JudgeLoss(Tensor output, [Input(4)] Tensor real) => real.Apply(judge).BinaryCrossEntropy(1) + output.Apply(judge).BinaryCrossEntropy(0);

                [Loss(Trains = nameof(maker))]
                private Tensor MakerLoss(Tensor output) => output.Apply(judge).BinaryCrossEntropy(1);
            }
            """,
    };

    private const string Blocks = """
        [Block, Dense(12), Tanh, Dense(8)] internal sealed partial class Deep;
        [Block, Dense(6), LeakyRelu, Dense(4), Tanh] internal sealed partial class Maker;
        [Block, Dense(6), LeakyRelu, Dense(1)] internal sealed partial class Judge;
        """;

    /// <summary>The names of the models with buckets. That of the same model without them begins with <c>Plain</c>.</summary>
    public static TheoryData<string> Names => [.. Models.Keys.Except(["Sparse"])];

    /// <summary>The same names, of which the fast tier has every other one.</summary>
    public static TheoryData<string> FewNames => [.. TestScale.Some("models whose buckets are compared", Models.Keys.Except(["Sparse"]), 2)];

    private static string[] Sources => [Blocks, .. Models.SelectMany(model => new[] { Source(model.Key, model.Value), Source("Plain" + model.Key, model.Value.Replace(", Buckets = new[] { 7, 16, 32 }", "", StringComparison.Ordinal), false) })];

    private static string Source(string name, string model, bool hasBuckets = true) => ("[Model, " + model)
        .Replace("[Model, ]", "[Model]", StringComparison.Ordinal)
        .Replace("<input>", hasBuckets ? Input : "TokenInput(48, 9, Padding = 0)", StringComparison.Ordinal)
        .Replace("<name>", name, StringComparison.Ordinal);
}
