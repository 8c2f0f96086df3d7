using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Verification;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>Outputs over thousands of classes: a step computes them, their loss and all gradients for some rows at a time, with the right values.</summary>
public class LongChainTests
{
    /// <summary>Samples and positions, with and without bias, tied to a table, with a mask, smoothed, with probabilities as targets.</summary>
    private static readonly string[] Sources =
    [
        "[Model, Input(3), Dense(8192), SoftmaxCrossEntropy] partial class Net;",
        "[Model, Input(3), Dense(2), Dense(8193, UseBias = false), SoftmaxCrossEntropy(LabelSmoothing = 0.1)] partial class Net;",
        "[Model, TokenInput(5, 7), Embedding(3), Tanh, Dense(8200), SoftmaxCrossEntropy] partial class Net;",
        "[Model, TokenInput(5, 7), Embedding(3), Dense(8200, UseBias = false), SoftmaxCrossEntropy(Ignore = 3)] partial class Net;",
        "[Model, Input(2), Dense(8192), SoftmaxCrossEntropy(SoftTargets = true)] partial class Net;",
        """
        [Model, SoftmaxCrossEntropy] partial class Net
        {
            [Weight(8200, 3, Init = Init.Normal)] private static partial Tensor Words { get; }

            private static Tensor Forward([TokenInput(length: 4, vocabulary: 8200, Padding = 0)] Tensor tokens) => Words.Gather(tokens).Dense(3).Tanh().MatMul(Words.Transpose());
        }
        """,
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void The_loops_compute_the_right_values_and_keep_within_their_buffers(int number)
    {
        var model = ModelCompiler.Plan(Read.Spec(Sources[number]));
        var sample = Sample.Random(model.Lowered, n: 3, seed: 4);
        Assert.Single(model.Train.Fused.Groups, group => group.Kind == GroupKind.LongChain);
        foreach (var target in CpuTarget.All)
        {
            var plan = ModelCompiler.Schedule(target with { LongBlockRows = 12 }, model.Train.Fused, model.Parameters);
            foreach (var launch in plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches)) Assert.Empty(KernelVerifier.Mistakes(launch));
            if (target.Bits != 512) continue;
            var outcome = PlanRun.Of(model, plan, sample, memory => new LoopInterpreter(plan, memory, target.Bits, sample.N, isCut: true));
            new Reference(model.Lowered, sample, LoopInterpreter.Seed, LoopInterpreter.Number).AssertTrains(outcome, "in blocks");
        }
    }

    [Fact]
    public void Generated_programs_are_right_for_any_width_and_number_of_threads()
    {
        var sources = TestScale.Some("models in long chains that are compiled", Sources, 2).Select((source, number) => source.Replace("partial class Net", $"public partial class Net{number}", StringComparison.Ordinal)).ToArray();
        using var library = ModelLibrary.Of(sources);
        MethodSizes.Check(library.Image);
        for (var number = 0; number < sources.Length; number++) ModelCheck.Run(library[$"Net{number}"], n: 2, 2);
    }

    [Fact]
    public void Products_have_the_bits_of_whole_matrices_for_blocks_of_any_length()
    {
        using var library = ModelLibrary.Of(
        [
            "[Model, TokenInput(67, 9), Embedding(8), Tanh, Dense(8200, UseBias = false), SoftmaxCrossEntropy] public partial class Blocks;",
            "[Model(KeepOutputs = true), TokenInput(67, 9), Embedding(8), Tanh, Dense(8200, UseBias = false), SoftmaxCrossEntropy] public partial class Whole;",
        ]);
        using var device = new CpuDevice { Threads = 1 };
        using var blocks = library["Blocks"].Create(device);
        using var whole = library["Whole"].Create(device);

        // 335 rows: a block of 252, and one of 83.
        var sample = Sample.Random(Lowering.Lower(library["Whole"].Spec), n: 5, seed: 3);
        foreach (var bits in Widths.ComparedBits)
        {
            var (one, other) = (new ProgramRunner(blocks, bits).Train(sample), new ProgramRunner(whole, bits).Train(sample));
            Assert.True(other.Values.Remove("output"));
            one.AssertSameBits(other, $"{bits} bits");
        }
    }

    [Theory]
    [InlineData("[Model, TokenInput(64, 9), Embedding(32), Dense(50000), SoftmaxCrossEntropy] partial class Net;")]
    [InlineData("[Model, TokenInput(1024, 9), Embedding(32), Dense(50000), SoftmaxCrossEntropy] partial class Net;")]
    public void Memory_does_not_grow_with_rows_times_classes(string source)
    {
        var arenas = ModelCompiler.Plan(Read.Spec(source)).Train.Arenas;

        // The logits for 120 rows, over which their gradient is stored, and the transposed weight; for each position its input, its gradient and some numbers.
        Assert.InRange(arenas.FixedFloats, 120 * 50000, (120 * 50000) + (34 * 50048));
        Assert.InRange(arenas.BatchedFloats, 1, 1024 * 70);
    }

    [Fact]
    public void An_output_is_kept_if_the_model_says_so_or_has_few_classes()
    {
        foreach (var source in new[]
        {
            "[Model(KeepOutputs = true), Input(3), Dense(8192), SoftmaxCrossEntropy] partial class Net;",
            "[Model, Input(3), Dense(8191), SoftmaxCrossEntropy] partial class Net;",
            "[Model, Input(3), Dense(8192), MeanSquaredError] partial class Net;",
        })
        {
            var train = ModelCompiler.Plan(Read.Spec(source)).Train;
            Assert.True(train.Computes(RootKind.Output) || source.Contains("MeanSquared", StringComparison.Ordinal));
            Assert.Equal(!train.Computes(RootKind.Output), train.Fused.Groups.Any(group => group.Kind == GroupKind.LongChain));
        }
    }
}
