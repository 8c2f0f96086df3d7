using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Verification;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>Chained products: matrices between them are never stored, and nothing else changes, not a bit.</summary>
public class ChainTests
{
    /// <summary>Attention of every form, with one block of rows, several, and some whose last has fewer.</summary>
    public static TheoryData<string, string> Attentions => new()
    {
        { "5, 4", "x.SelfAttention(2)" },
        { "5, 4", "x.SelfAttention(2, causal: true)" },
        { "67, 4", "x.SelfAttention(1, causal: true)" },
        { "80, 4", "x.SelfAttention(2, causal: true)" },
        { "70, 4", "x.SelfAttention(1, window: 9)" },
        { "70, 4", "x.SelfAttention(1, causal: true, window: 9)" },
        { "6, 8", "x.SelfAttention(4, keyValueHeads: 2)" },
        { "66, 4", "x.SelfAttention(2, keyValueHeads: 1, causal: true)" },
        { "6, 4", "x.SelfAttention(2, alibi: true, causal: true, rope: true)" },
        { "6, 4", "x.SelfAttention(2, dropout: 0.3)" },
        { "68, 4", "x.SelfAttention(2, causal: true, dropout: 0.3)" },
        { "6, 4", "x.MatMul(x.Dense(4).Transpose()).Softmax().MatMul(x)" },
        { "20, 4", "x.MatMul(x.Dense(4).Transpose()).Softmax().MatMul(x)" },
        { "6, 4", "x.CrossAttention(x.Slice(0, 3, axis: 0).Dense(6), 2)" },
        { "6, 4", "Tensor.Attention(x.Dense(3), x.Dense(3), x.Dense(5), causal: true)" },
        { "68, 4", "Tensor.Attention(x.Dense(3), x.Dense(3), x.Dense(5), x.Mean(1).Tanh(), causal: true)" },
    };

    public static TheoryData<string, string> TriedAttentions => Tried("forms of attention in chains", Attentions, 2);

    [Theory]
    [MemberData(nameof(TriedAttentions))]
    public void Chained_or_not_the_bits_are_the_same_and_right(string shape, string body) =>
        Check(Plan($"[Model, Input({shape}), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) => ({body}).Dense(2); }}"));

    /// <summary>The factor of a row is a product and a sum. It is computed for several rows at once.</summary>
    [Fact]
    public void Values_of_rows_in_lanes_have_the_bits_of_single_numbers() => Check(Plan(
        """
        [Model, Input(21, 4), MeanSquaredError] partial class Net
        {
            private static Tensor Forward(Tensor x)
            {
                var scores = x.MatMul(x.Dense(4).Transpose());
                var factors = 0.3 * scores.Sum(1) + 0.7;
                return (scores * factors.Reshape(21, 1)).MatMul(x).Dense(2);
            }
        }
        """));

    /// <summary>The last block of 67 rows has fewer rows than the others, and lanes are whole vectors: such products are not chained.</summary>
    [Theory]
    [InlineData("x.Dense(5).Transpose().MatMul(x.MatMul(x.Dense(4).Transpose()).Softmax().Transpose()).Transpose()")]
    [InlineData("x.Dense(4).Transpose().MatMul(x.MatMul(x.Dense(4).Transpose()).Softmax()).Transpose()")]
    public void Sums_that_have_the_rows_or_columns_of_a_matrix_along_their_lanes_are_right(string body) =>
        Check(Plan($"[Model, Input(67, 4), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) => ({body}).Dense(2); }}"), isChained: false);

    [Fact]
    public void Padding_without_an_allowed_key_changes_nothing_either() => Check(
        Plan("[Model, TokenInput(6, 4, Padding = 0), SoftmaxCrossEntropy] partial class Net { private static Tensor Forward(Tensor x) => x.Embedding(4).SelfAttention(2).Mean(0).Dense(2); }"),
        tokens: [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 3, 1, 2, 1, 2, 3]);

    [Fact]
    public void Neither_pass_stores_a_matrix()
    {
        var model = Plan("[Model, Input(5, 4), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) => x.SelfAttention(2, causal: true); }");
        foreach (var fused in new[] { model.Train.Fused, model.Infer.Fused })
        {
            Assert.DoesNotContain(fused.Groups.SelectMany(group => group.Stored), node => node.Shape == Shape.Batch(2, 5, 5));
            Assert.Equal(fused == model.Infer.Fused ? 1 : 2, fused.Groups.Count(group => group.Kind == GroupKind.Chain));
        }
    }

    [Fact]
    public void Generated_programs_are_right_for_any_width_and_number_of_threads()
    {
        using var library = ModelLibrary.Of(
        [
            "[Model, Input(80, 8), SelfAttention(2, Causal = true), SelfAttention(4, KeyValueHeads = 2, Causal = true, Dropout = 0.1), Dense(2), MeanSquaredError] public partial class Long;",
            "[Model, Input(67, 6), SelfAttention(2, Alibi = true, Window = 20), TransformerEncoder(3, 20), Dense(2), MeanSquaredError] public partial class Uneven;",
        ]);
        MethodSizes.Check(library.Image);
        foreach (var name in new[] { "Long", "Uneven" }) ModelCheck.Run(library[name], 3, 2);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(33)]
    public void Blocks_of_any_length_have_the_same_bits(int rows) => CheckBlocks(
        Plan("[Model, Input(70, 4), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) => x.SelfAttention(2, causal: true, dropout: 0.2); }"), rows);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Memory_grows_with_the_length_and_not_with_its_square(bool isCausal)
    {
        var floats = new[] { 256, 1024, 4096, 8192 }.Select(length =>
        {
            var model = Plan($"[Model, Input({length}, 8), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) => x.SelfAttention(2, causal: {(isCausal ? "true" : "false")}); }}");
            Assert.All([model.Train.Arenas.WorkerFloats, model.Infer.Arenas.WorkerFloats], worker => Assert.InRange(worker, 1, 1 << 19));
            return (Train: (double)model.Train.Arenas.BatchedFloats / length, Infer: (double)model.Infer.Arenas.BatchedFloats / length);
        }).ToArray();

        // So many numbers for each position, at any length: inputs, queries, keys, values, results and their gradients.
        Assert.All(floats, perPosition => Assert.Equal(floats[0], perPosition));
        Assert.InRange(floats[0].Train, 40, 120);
    }

    [Fact]
    public void Work_is_what_is_computed_without_the_positions_that_a_causal_mask_excludes()
    {
        const int Length = 256, Width = 64;
        var (all, causal) = (Work("false"), Work("true"));

        // Two products in the forward pass; five in the backward pass, of which one computes the scores again. Somewhat fewer than half of the pairs are left out, because blocks have whole panels.
        const double OfProduct = 2.0 * Length * Length * Width;
        Assert.InRange(all.Forward - causal.Forward, 0.35 * 2 * OfProduct, 0.5 * 2 * OfProduct * 1.1);
        Assert.InRange(all.Backward - causal.Backward, 0.35 * 5 * OfProduct, 0.5 * 5 * OfProduct * 1.1);

        static (double Forward, double Backward) Work(string isCausal)
        {
            var files = Generation.Of($"[Model, Input({Length}, {Width}), SelfAttention(1, Causal = {isCausal}), MeanSquaredError] public partial class Net;").Files;
            var train = files["Net.Steps.g.cs"].Split('\n').First(line => line.Contains("PlanDescription Train", StringComparison.Ordinal));
            return (Number("ForwardFlops: "), Number("BackwardFlops: "));

            double Number(string name) => double.Parse(new string([.. train[(train.IndexOf(name, StringComparison.Ordinal) + name.Length)..].TakeWhile(char.IsAsciiDigit)]), System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void A_matrix_that_is_an_output_is_stored()
    {
        var model = Plan("[Model, Input(5, 4), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) => x.MatMul(x.Transpose()).Softmax(); }");
        Assert.DoesNotContain(model.Train.Fused.Groups, group => group.Kind == GroupKind.Chain);
    }

    private static CompiledModel Plan(string source) => ModelCompiler.Plan(Read.Spec(source));

    /// <summary>The forms that a tier tries.</summary>
    internal static TheoryData<string, string> Tried(string what, TheoryData<string, string> forms, int interval)
    {
        var data = new TheoryData<string, string>();
        foreach (var row in TestScale.Some(what, forms, interval)) data.Add((string)row[0], (string)row[1]);
        return data;
    }

    /// <summary>Compares blocks of a number of rows with those of a target.</summary>
    internal static void CheckBlocks(CompiledModel model, int rows)
    {
        var sample = Sample.Random(model.Lowered, n: 2, seed: 3);
        var target = CpuTarget.Avx512;
        Outcome Run(CpuTarget target)
        {
            var plan = ModelCompiler.Schedule(target, model.Train.Fused, model.Parameters);
            return PlanRun.Of(model, plan, sample, memory => new LoopInterpreter(plan, memory, target.Bits, sample.N, isCut: true));
        }

        Run(target).AssertSameBits(Run(target with { BlockRows = rows }), $"{rows} rows");
    }

    /// <summary>Compares chained products with products of stored matrices and with the graph, whether kernels are cut into tasks or not.</summary>
    internal static void Check(CompiledModel model, float[]? tokens = null, bool isChained = true)
    {
        var sample = Sample.Random(model.Lowered, n: 3, seed: 4);
        if (tokens is not null) sample.Columns[0] = tokens;
        var reference = new Reference(model.Lowered, sample, LoopInterpreter.Seed, LoopInterpreter.Number);
        Outcome? first = null;
        Assert.Equal(isChained, model.Train.Fused.Groups.Any(group => group.Kind == GroupKind.Chain));
        foreach (var target in Widths.Some(sample.Columns[0].Length))
        {
            var chained = ModelCompiler.Schedule(target, model.Train.Fused, model.Parameters);
            var limits = target.Limits with { Groups = target.Limits.Groups with { HoldsChains = false } };
            var apart = ModelCompiler.Schedule(target, model.TrainingGraphs[0].Fuse(limits), model.Parameters);
            foreach (var launch in chained.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches)) Assert.Empty(KernelVerifier.Mistakes(launch));
            foreach (var (plan, isCut) in new[] { (chained, true), (chained, false), (apart, false) })
            {
                var outcome = PlanRun.Of(model, plan, sample, memory => new LoopInterpreter(plan, memory, target.Bits, sample.N, isCut));
                if (first is null) reference.AssertTrains(outcome, $"{target.Bits} bits");
                (first ??= outcome).AssertSameBits(outcome, $"{target.Bits} bits, {(plan == apart ? "not chained" : isCut ? "in tasks" : "in one task")}");
            }
        }

        var infer = PlanRun.Of(model, model.Infer, sample, memory => new LoopInterpreter(model.Infer, memory, CpuTarget.All[0].Bits, sample.N, isCut: true));
        reference.AssertInfers(infer, "inference");
    }
}
