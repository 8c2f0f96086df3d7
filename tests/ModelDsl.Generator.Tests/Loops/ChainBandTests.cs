using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Tests.Decoding;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>The columns of a chain's matrices that are computed: those within the window of a row of the block. The others change no bit.</summary>
public class ChainBandTests
{
    /// <summary>Windows in all forms of attention, over lengths that blocks of rows and panels of columns divide or not.</summary>
    public static TheoryData<string, string> Attentions => new()
    {
        { "160, 4", "x.SelfAttention(2, causal: true, window: 9)" },
        { "131, 4", "x.SelfAttention(1, window: 9)" },
        { "131, 4", "x.SelfAttention(2, keyValueHeads: 1, causal: true, window: 20, rope: true)" },
        { "144, 4", "x.SelfAttention(2, alibi: true, window: 7, dropout: 0.3)" },
        { "134, 4", "x.SelfAttention(1, causal: true, window: 1)" },
        { "160, 4", "x.SelfAttention(4, causal: true, window: 70, dropout: 0.3)" },
        { "100, 4", "x.SelfAttention(2, causal: true, window: 101)" },
        { "160, 4", "Tensor.Attention(x.Dense(3), x.Dense(3), x.Dense(5), x.Mean(1).Tanh(), causal: true, window: 12)" },
        { "160, 4", "Tensor.Attention(x, x, x, window: 3)" },
    };

    public static TheoryData<string, string> TriedAttentions => ChainTests.Tried("forms of attention with windows", Attentions, 3);

    [Theory]
    [MemberData(nameof(TriedAttentions))]
    public void Columns_outside_the_window_change_no_bit(string shape, string body) =>
        ChainTests.Check(Plan($"[Model, Input({shape}), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) => ({body}).Dense(2); }}"));

    [Fact]
    public void Padding_in_the_whole_window_of_a_position_changes_nothing_either() => ChainTests.Check(
        Plan("[Model, TokenInput(132, 4, Padding = 0), SoftmaxCrossEntropy] partial class Net { private static Tensor Forward(Tensor x) => x.Embedding(4).SelfAttention(2, window: 6).Mean(0).Dense(2); }"),
        tokens: [.. Enumerable.Repeat(0f, 132), .. Enumerable.Range(0, 132).Select(i => i is > 20 and < 75 ? 0f : 1 + (i % 3)), .. Enumerable.Range(0, 132).Select(i => i < 90 ? 1f + (i % 3) : 0)]);

    [Theory]
    [InlineData("160, 4", "x.SelfAttention(2, causal: true, window: 9)", 0, 8)]
    [InlineData("160, 4", "x.SelfAttention(2, window: 9)", -8, 8)]
    [InlineData("160, 4", "x.SelfAttention(2, causal: true)", 0, 159)]
    [InlineData("160, 4", "x.SelfAttention(2, causal: true, window: 160)", 0, 159)]
    public void A_band_has_the_least_and_the_greatest_distance(string shape, string body, int least, int most)
    {
        var model = Plan($"[Model, Input({shape}), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) => {body}; }}");
        var chains = model.Train.Fused.Groups.Where(group => group.Kind == GroupKind.Chain).ToArray();
        Assert.Equal(2, chains.Length);
        Assert.All(chains, group => Assert.Equal(new ChainBand(least, most), ChainBand.Of(group.Chain!)));
    }

    [Theory]
    [InlineData("causal: true", 0, 159)]
    [InlineData("causal: true, window: 9", 0, 8)]
    public void The_rows_of_a_session_have_their_positions(string options, int least, int most)
    {
        var model = Plan($$"""
            [Model, Generates, SoftmaxCrossEntropy] partial class Net { private static Tensor Forward([TokenInput(160, 4)] Tensor x) => x.Embedding(4).SelfAttention(2, {{options}}).Dense(4); }
            """);
        var chains = model.PlansFor(CpuTarget.Avx512).Decoding.SelectMany(plan => plan.Fused.Groups).Where(group => group.Kind == GroupKind.Chain).ToArray();
        Assert.Equal(2, chains.Length);
        Assert.All(chains, group =>
        {
            var band = ChainBand.Of(group.Chain!)!;
            Assert.Equal((least, most, true), (band.Least, band.Most, band.Positions is { Node: InputNode { IsPosition: true } }));
        });
    }

    [Theory]
    [InlineData("x.SelfAttention(2)")]
    [InlineData("x.SelfAttention(2, window: 160)")]
    [InlineData("x.SelfAttention(2, alibi: true)")]
    public void Without_a_limit_there_is_no_band(string body)
    {
        var model = Plan($"[Model, Input(160, 4), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) => {body}; }}");
        Assert.All(model.Train.Fused.Groups.Where(group => group.Kind == GroupKind.Chain), group => Assert.Null(ChainBand.Of(group.Chain!)));
    }

    /// <summary>A band holds if each member is 0 outside it, or excluded, and each row has a column within it.</summary>
    [Fact]
    public void A_band_is_proved_for_all_members()
    {
        var distance = Subtract(Index(1), Index(2));
        Expr Within(int least, int most) => Build(ScalarOp.And, Less(Const(least - 1), distance), Less(distance, Const(most + 1)));
        Expr Plus(Expr condition) => Select(condition, Add(Input(0), One), Zero);

        Assert.Equal(new ChainBand(-2, 8), BandOf(Within(-2, 8), Input(0)));
        Assert.Equal(new ChainBand(-2, 8), BandOf(Within(-2, 8), Plus(Within(-2, 8))));
        Assert.Equal(new ChainBand(-2, 8), BandOf(Within(-2, 8), Plus(Within(0, 7))));
        Assert.Null(BandOf(Within(-2, 8), Plus(Within(-2, 9))));
        Assert.Null(BandOf(Within(-2, 8), Plus(Within(-3, 8))));
        Assert.Null(BandOf(Within(-2, 8), Add(Input(0), One)));
        Assert.Null(BandOf(Within(1, 8), Input(0)));
        Assert.Null(BandOf(Within(-8, -1), Input(0)));

        static ChainBand? BandOf(Expr allowed, Expr weight)
        {
            const int Length = 100, Width = 4;
            var (values, scores) = (Shape.Batch(Length, Width), Shape.Batch(Length, Length));
            var x = new InputNode("x", values, ElementType.Float, 0, 0);
            var products = GraphBuilder.Contract("products", scores, new Shape([.. scores.Extents, Width]), IndexMap.Identity(3), new Operand(x, IndexMap.Project(0, 1, 3)), new Operand(x, IndexMap.Project(0, 2, 3)));
            var score = GraphBuilder.Map("scores", scores, Select(allowed, Input(0), Const(-1e30)), Operand.Whole(products));
            var most = GraphBuilder.ReduceLast("most", ReduceOp.Max, scores, Input(0), Operand.Whole(score));
            var powers = GraphBuilder.Pointwise("powers", Exp(Subtract(Input(0), Input(1))), score, most);
            var weights = GraphBuilder.Pointwise("weights", weight, powers);
            var sum = GraphBuilder.Contract("sum", values, new Shape([.. values.Extents, Length]), IndexMap.Identity(3), new Operand(weights, IndexMap.Project(0, 1, 3)), new Operand(x, IndexMap.Project(0, 3, 2)));
            return ChainBand.Of(Assert.Single(Chains.Of(new ModelGraph([new Root(RootKind.Output, "sum", sum)]), ChainForm.Short)));
        }
    }

    /// <summary>The loop program of a step is interpreted, and its products are counted.</summary>
    /// <param name="causal">Whether later positions are excluded.</param>
    /// <param name="columns">The columns that a block of 32 rows computes: those of a window of 24 positions, in whole panels.</param>
    [Theory]
    [InlineData("true", 64)]
    [InlineData("false", 96)]
    public void Work_grows_with_the_length_and_not_with_its_square(string causal, int columns)
    {
        const int Rows = 32, Width = 16;
        var (first, second, third) = (Products(4 * Rows), Products(5 * Rows), Products(6 * Rows));

        // Two products in the forward pass and five in the backward pass, and the gradient of the factor.
        Assert.Equal(second - first, third - second);
        Assert.InRange((third - second) / Rows, 7 * Width * columns, (7 * Width * columns) + (2 * Width));

        long Products(int length)
        {
            var model = Plan($$"""
                [Model, Input({{length}}, {{Width}}), MeanSquaredError] partial class Net
                {
                    [Weight(1)] private static partial Tensor Factor { get; }

                    private static Tensor Forward(Tensor x)
                    {
                        var y = x * Factor;
                        return Tensor.Attention(y, y, y, causal: {{causal}}, window: 24);
                    }
                }
                """);
            var sample = Sample.Random(model.Lowered, n: 1, seed: 3);
            LoopMemory? used = null;
            PlanRun.Of(model, model.Train, sample, memory => new LoopInterpreter(model.Train, used = memory, CpuTarget.All[0].Bits, sample.N, isCut: false));
            return used!.Products;
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(20)]
    public void Blocks_of_any_length_have_the_same_bits(int rows) => ChainTests.CheckBlocks(
        Plan("[Model, Input(140, 4), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) => x.SelfAttention(2, causal: true, window: 11, dropout: 0.2); }"), rows);

    [Fact]
    public void Memory_of_a_block_grows_with_the_window_and_not_with_the_length()
    {
        int Floats(int length) => Plan($"[Model, Input({length}, 8), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) => x.SelfAttention(2, causal: true, window: 50); }}").Train.Arenas.WorkerFloats;
        Assert.Equal(Floats(512), Floats(4096));
    }

    [StandardFact]
    public void Generated_programs_sessions_and_buckets_are_right()
    {
        const string Blocks = "[Block, Recompute] [TransformerEncoder(2, 10, Causal = true, Alibi = true, Window = 17)] internal sealed partial class Near;";
        using var library = ModelLibrary.Of(
        [
            Blocks,
            "[Model, Input(131, 8), SelfAttention(4, KeyValueHeads = 2, Causal = true, Window = 20, Rope = true), SelfAttention(2, Window = 9, Dropout = 0.1), Dense(2), MeanSquaredError] public partial class Windowed;",
            "[Model, Generates, TokenInput(135, 11, Padding = 0), Embedding(8), SinusoidalEmbedding, Repeat<Near>(2), Dense(11), SoftmaxCrossEntropy] public partial class Writer;",
            "[Model, TokenInput(135, 11, Padding = 0, Buckets = new[] { 98 }), Embedding(8), SinusoidalEmbedding, Repeat<Near>(2), GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public partial class Reader;",
        ]);
        MethodSizes.Check(library.Image);
        ModelCheck.Run(library["Windowed"], 3, 2);
        ModelCheck.Run(library["Writer"], 2);
        DecodingTests.CheckBits(library["Writer"], [(512, 2), (256, 1), (128, 1)]);
        CheckBucket(library["Reader"]);
    }

    private static void CheckBucket(CompiledType compiled)
    {
        using var device = new CpuDevice { Threads = 1 };
        using var model = compiled.Create(device);
        var sample = Sample.Random(Lowering.Lower(compiled.Spec), n: 3, seed: 2).Padded(0, 0, 98);
        foreach (var bits in compiled.Widths)
        {
            var (whole, bucket) = (new ProgramRunner(model, bits), new ProgramRunner(model, bits) { Bucket = 0 });
            whole.Train(sample).AssertSameBits(bucket.Train(sample, workers: 2), $"{bits} bits");
        }
    }

    private static CompiledModel Plan(string source) => ModelCompiler.Plan(Read.Spec(source));
}
