using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Verification;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>Outputs over thousands of classes: a step computes them, their loss and all gradients for some rows at a time, with the right values.</summary>
public class LongChainTests
{
    /// <summary>Samples and positions, with and without bias, tied to a table, with a mask, smoothed, with probabilities as targets.</summary>
    public static TheoryData<string> Models => new()
    {
        "[Model, Input(3), Dense(8192), SoftmaxCrossEntropy] partial class Net;",
        "[Model, Input(3), Dense(2), Dense(8193, UseBias = false), SoftmaxCrossEntropy(LabelSmoothing = 0.1)] partial class Net;",
        "[Model, Input(5, 3), Dense(2), Tanh, Dense(8200), SoftmaxCrossEntropy] partial class Net;",
        "[Model, Input(5, 3), Dense(2), Dense(8200, UseBias = false), SoftmaxCrossEntropy(Ignore = 3)] partial class Net;",
        "[Model, Input(2), Dense(8192), SoftmaxCrossEntropy(SoftTargets = true)] partial class Net;",
        """
        [Model, SoftmaxCrossEntropy] partial class Net
        {
            [Weight(8200, 3, Init = Init.Normal)] private static partial Tensor Words { get; }

            private static Tensor Forward([TokenInput(length: 4, vocabulary: 8200, Padding = 0)] Tensor tokens) => Words.Gather(tokens).Dense(3).Tanh().MatMul(Words.Transpose());
        }
        """,
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Values_are_right_for_every_width_and_the_products_have_the_bits_of_whole_matrices(string source)
    {
        var model = ModelCompiler.Plan(Read.Spec(source));
        var sample = Sample.Random(model.Lowered, n: 9, seed: 4);
        var reference = new Reference(model.Lowered, sample, LoopInterpreter.Seed, LoopInterpreter.Number);
        Assert.Single(model.Train.Fused.Groups, group => group.Kind == GroupKind.LongChain);
        Outcome? first = null;
        foreach (var target in CpuTarget.All)
        {
            var blocked = ModelCompiler.Schedule(target with { LongBlockRows = 12 }, model.Train.Fused, model.Parameters);
            foreach (var launch in blocked.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches)) Assert.Empty(KernelVerifier.Mistakes(launch));
            foreach (var isCut in new[] { true, false })
            {
                var outcome = PlanRun.Of(model, blocked, sample, memory => new LoopInterpreter(blocked, memory, target.Bits, sample.N, isCut));
                if (first is null) reference.AssertTrains(outcome, $"{target.Bits} bits");
                (first ??= outcome).AssertSameBits(outcome, $"{target.Bits} bits, {(isCut ? "in tasks" : "in one task")}");
            }
        }
    }
}
