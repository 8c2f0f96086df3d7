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

namespace ModelDsl.Generator.Tests.Recompute;

/// <summary>Blocks that the backward pass computes again: the same bits in less memory.</summary>
public class RecomputationTests
{
    public static TheoryData<string> Names => [.. TestScale.Some("recomputed models", RecomputedModels.All.Keys, 2)];

    public static TheoryData<string> NamesForGroups => [.. TestScale.Some("recomputed models for groups of threads", RecomputedModels.All.Keys, 4)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Recomputed_or_not_the_bits_are_the_same_and_right(string name)
    {
        var source = RecomputedModels.All[name];
        var (plain, recomputed) = (Plan(RecomputedModels.WithoutRecomputation(source), name), Plan(source, name));
        Assert.Contains(recomputed.Train.Fused.Graph.Nodes, node => node is AfterNode);
        Assert.DoesNotContain(recomputed.Infer.Fused.Graph.Nodes, node => node is AfterNode);
        Assert.True(recomputed.Train.Fused.Graph.Nodes.Count > plain.Train.Fused.Graph.Nodes.Count);
        var sample = Sample.Random(recomputed.Lowered, n: 3, seed: 4);
        var reference = new Reference(recomputed.Lowered, sample, LoopInterpreter.Seed, LoopInterpreter.Number);
        Outcome? first = null;
        foreach (var target in TestScale.IsFast ? Widths.Some(name.Length) : CpuTarget.All)
        {
            var expected = Run(plain, ModelCompiler.Schedule(target, plain.Train.Fused, plain.Parameters), target, sample, isCut: false);
            if (first is null) reference.AssertTrains(expected, $"{target.Bits} bits, without recomputation");
            var plan = ModelCompiler.Schedule(target, recomputed.Train.Fused, recomputed.Parameters);
            foreach (var launch in plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches)) Assert.Empty(KernelVerifier.Mistakes(launch));
            foreach (var isCut in new[] { true, false })
            {
                var outcome = Run(recomputed, plan, target, sample, isCut);
                if (first is null) reference.AssertTrains(outcome, $"{target.Bits} bits");
                expected.AssertSameBits(first ??= outcome, $"{target.Bits} bits, recomputed");
                first.AssertSameBits(outcome, $"{target.Bits} bits, {(isCut ? "in tasks" : "in one task")}");
            }
        }
    }

    [Theory]
    [InlineData("[LayerNorm, Dense(64), Gelu, Dense(16)]", "", 8)]
    [InlineData("[TransformerEncoder(2, 64)]", "32, ", 8)]
    [InlineData("[Lstm(16, ReturnSequences = true), Tanh]", "9, ", 8)]
    public void A_deep_stack_needs_the_memory_of_one_block_and_one_input_for_each_of_the_others(string layers, string length, int depth)
    {
        long Floats(string recompute, int blocks) => Plan(
            $"[Block{recompute}] {layers} partial class Deep; [Model, Input({length}16), Dense(16), Repeat<Deep>({blocks}), Dense(2), MeanSquaredError] partial class Net {{ }}").Train.Arenas.BatchedFloats;
        var input = length.Length == 0 ? 16 : 16 * int.Parse(length.TrimEnd(' ', ','), System.Globalization.CultureInfo.InvariantCulture);
        var (plain, recomputed) = (Floats("", depth), Floats(", Recompute", depth));
        var perBlock = (recomputed - Floats(", Recompute", depth / 2)) / (depth / 2.0);

        // Buffers start at cache lines.
        Assert.InRange(perBlock, input, input + 16);
        Assert.InRange(recomputed, 0, Floats("", 1) + (input * (depth + 2)) + 64);
        Assert.True(recomputed * 2 < plain, $"{recomputed} of {plain}");
    }

    [Fact]
    public void A_running_statistic_moves_once()
    {
        var model = Plan(RecomputedModels.All["Images"], "Images");
        var states = model.Train.Fused.Graph.Roots.Where(root => root.Kind == RootKind.State).ToArray();
        var again = AfterNodes(model.Train.Fused.Graph);
        Assert.NotEmpty(again);
        Assert.NotEmpty(states);
        Assert.DoesNotContain(ModelGraph.Sort(states.Select(root => root.Value)), again.Contains);
    }

    [Fact]
    public void A_block_is_computed_again_after_the_gradient_of_its_output()
    {
        var model = Plan(RecomputedModels.All["Activations"], "Activations");
        var ordered = 0;
        foreach (var group in model.Train.Fused.Groups)
        {
            foreach (var other in group.Members.SelectMany(ControlDependencies.Of))
            {
                var (waiting, writing) = (PhasesOf(model.Train, group), model.Train.Fused.Groups.Where(one => one.Members.Contains(other)).SelectMany(one => PhasesOf(model.Train, one)).ToArray());
                Assert.True(writing.Length == 0 || waiting.Min() > writing.Max(), $"{group} waits for {other.Name}");
                ordered += writing.Length;
            }
        }

        Assert.NotEqual(0, ordered);
    }

    [Theory]
    [InlineData("Repeat<Part>(2, Recompute = true)")]
    [InlineData("Residual<Part>(Recompute = true), Apply<Part>(Recompute = true)")]
    [InlineData("Parallel<Part, Part>(Merge.Add, Recompute = true)")]
    public void One_use_of_a_block_can_be_recomputed(string use) =>
        Assert.Equal(2, Repeats(Plan($"[Block, Dense(9), Tanh, Dense(4)] partial class Part; [Model, Input(4), Dense(4), {use}, Apply<Part>, Dense(2), MeanSquaredError] partial class Net;")));

    [Fact]
    public void A_field_of_a_block_can_be_recomputed()
    {
        const string Source = "[Block, Dense(9), Tanh, Dense(4)] partial class Part; [Model, Input(4), MeanSquaredError] partial class Net { {0} private readonly Part a = new(), b = new(); private Tensor Forward(Tensor x) => x.Dense(4).Apply(a).Apply(b).Dense(2); }";
        Assert.Equal(2, Repeats(Plan(Source.Replace("{0}", "[Recompute]", StringComparison.Ordinal))));
        Assert.Equal(0, Repeats(Plan(Source.Replace("{0}", "", StringComparison.Ordinal))));
    }

    [Fact]
    public void Chains_of_a_block_are_not_stored_when_it_is_computed_again()
    {
        var model = Plan(RecomputedModels.All["LongEncoder"], "LongEncoder");
        Assert.DoesNotContain(model.Train.Fused.Groups.SelectMany(group => group.Stored), node => node.Shape == Shape.Batch(2, 70, 70));
        Assert.Equal(6, model.Train.Fused.Groups.Count(group => group.Kind == GroupKind.Chain));
        Assert.Contains(Plan(RecomputedModels.All["Vocabulary"], "Vocabulary").Train.Fused.Groups, group => group.Kind == GroupKind.LongChain);
    }

    [Fact]
    public void Generated_programs_are_right_for_any_width_and_number_of_threads()
    {
        string[] names = [.. TestScale.Some("recomputed models that are compiled", ["Encoder", "Methods", "Images", "Recurrent"], 2)];
        using var library = ModelLibrary.Of([.. names.Select(name => RecomputedModels.All[name])]);
        foreach (var name in names) ModelCheck.Run(library[name], 3, 2);
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        foreach (var name in new[] { "Activations", "Branches", "Shapes" }) GradientCheck.Run(Read.Model(RecomputedModels.All[name], name));
    }

    [Fact]
    public void The_summary_shows_the_memory_with_and_without()
    {
        var source = RecomputedModels.All["LongEncoder"];
        var (plain, recomputed) = (Plan(RecomputedModels.WithoutRecomputation(source), "LongEncoder"), Plan(source, "LongEncoder"));
        Assert.Equal((recomputed.Train.Arenas.Batched, plain.Train.Arenas.Batched), recomputed.RecomputationMemory());
        Assert.Null(plain.RecomputationMemory());
        using var library = ModelLibrary.OfThisMachine(source);
        using var model = library["LongEncoder"].Create(Device.Cpu);
        Assert.Contains(
            FormattableString.Invariant($"Recomputation: a training step needs {recomputed.Train.Arenas.Batched:N0} bytes for each sample, and {plain.Train.Arenas.Batched:N0} if it kept all activations"),
            model.Summary(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NamesForGroups))]
    public void Kernels_for_groups_of_threads_compute_the_same(string name)
    {
        var model = Plan(RecomputedModels.All[name], name);
        var sample = Sample.Random(model.Lowered, n: 2, seed: 4);
        var plan = ModelCompiler.ScheduleForGpu(model.TrainingGraphs[0], model.Parameters, usesTf32: false);
        new Reference(model.Lowered, sample, LoopInterpreter.Seed, LoopInterpreter.Number).AssertTrains(
            PlanRun.Of(model, plan, sample, memory => new LoopInterpreter(plan, memory, 32, sample.N, isCut: false)), name);
    }

    private static int[] PhasesOf(GraphPlan plan, Group group)
    {
        var stored = group.Stored.Select(node => plan.Storages.Of(node).Whole).ToHashSet();
        var phases = plan.Parts.SelectMany(part => part.Phases).ToList();
        return [.. Enumerable.Range(0, phases.Count).Where(number => phases[number].Launches.Any(launch => launch.Buffers.Zip(launch.Kernel.Main.Buffers).Any(pair => pair.Second.Written && stored.Contains(pair.First))))];
    }

    /// <summary>The nodes that depend on a control dependency.</summary>
    private static HashSet<Node> AfterNodes(ModelGraph graph)
    {
        var found = new HashSet<Node>();
        foreach (var node in graph.Nodes.Where(node => node is AfterNode || node.Operands.Any(operand => found.Contains(operand.Node)))) found.Add(node);
        return found;
    }

    /// <summary>The number of blocks that are computed again.</summary>
    private static int Repeats(CompiledModel model) => model.Train.Fused.Graph.Nodes.OfType<AfterNode>().Count();

    private static CompiledModel Plan(string source, string name = "Net") => ModelCompiler.Plan(Read.Spec(source, name));

    private static Outcome Run(CompiledModel model, GraphPlan plan, CpuTarget target, Sample sample, bool isCut) =>
        PlanRun.Of(model, plan, sample, memory => new LoopInterpreter(plan, memory, target.Bits, sample.N, isCut));
}
