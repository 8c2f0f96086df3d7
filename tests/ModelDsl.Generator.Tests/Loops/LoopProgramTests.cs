using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>
/// Schedule and memory apart from the generated text: loop programs of random models are interpreted in poisoned memory that watches for races, reads
/// before writes and places outside a buffer, and their results are compared with those of the graph.
/// </summary>
public class LoopProgramTests
{
    private const int Together = 20;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 10).Select(chunk => 1000 + (chunk * Together))];

    public static TheoryData<int> Images => [.. Enumerable.Range(0, 6).Select(chunk => 500 + (chunk * 5))];

    public static TheoryData<int> Forwards => [3000, 3010];

    public static TheoryData<string> Groups => [.. DeclaredModels.Groups.Keys];

    [Theory]
    [MemberData(nameof(Groups))]
    public void Loop_programs_of_declared_models_compute_what_their_graphs_say(string group) =>
        Failures.Collect(DeclaredModels.Plans(group), model => Check(model, n: 4, seed: 1));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Loop_programs_of_random_models_compute_what_their_graphs_say(int first) => Failures.Collect(Enumerable.Range(first, Together), seed =>
    {
        var spec = RandomModels.Valid(seed);
        try
        {
            Check(ModelCompiler.Plan(spec.Build()), n: 1 + (seed % 3 == 0 ? seed % 37 : seed % 6), seed);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.Message}\n{spec.Source}", exception);
        }
    });

    [Theory]
    [MemberData(nameof(Images))]
    public void Loop_programs_of_random_images_compute_what_their_graphs_say(int first) => Failures.Collect(Enumerable.Range(first, 5), seed =>
    {
        var spec = RandomImages.Valid(seed);
        try
        {
            Check(ModelCompiler.Plan(spec.Build()), n: 1 + (seed % 4), seed);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.Message}\n{spec.Source}", exception);
        }
    });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 1)]
    [InlineData(300, 4)]
    public void Sums_in_short_blocks_have_the_same_bits(int cacheFloats, int longSum)
    {
        var inBlocks = 0;
        Failures.Collect(Enumerable.Range(520, 6), seed =>
        {
            var model = ModelCompiler.Plan(RandomImages.Valid(seed).Build());
            var sample = Sample.Random(model.Lowered, n: 3, seed);
            foreach (var target in CpuTarget.All)
            {
                var small = target with { CacheFloats = cacheFloats, LongSum = longSum };
                var plan = ModelCompiler.Schedule(small, model.Train.Fused, model.Parameters);
                var kernels = plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches);
                inBlocks += kernels.Count(launch => launch.Kernel.Tiles.Any(tile => tile.Integers.Contains(ContractPlan.Earlier)));
                var whole = Run(model, ModelCompiler.Schedule(target, model.Train.Fused, model.Parameters), target, sample, isCut: false);
                foreach (var isCut in new[] { true, false }) whole.AssertSameBits(Run(model, plan, small, sample, isCut), $"seed {seed}, {target.Bits} bits");
            }
        });
        Assert.True(inBlocks > 0);
    }

    [Fact]
    public void Panels_larger_than_a_cache_go_over_all_places_and_change_no_bit()
    {
        var model = ModelCompiler.Plan(new SpecBuilder().Input(4, 4, 40).Layer("Conv2D", ("filters", 70), ("kernel", 3), ("padding", "Same")).Layer("Relu")
            .Layer("Conv2D", ("filters", 40), ("kernel", 3), ("padding", "Same")).Layer("GlobalAveragePool").Layer("MeanSquaredError").Build());
        var sample = Sample.Random(model.Lowered, n: 2, seed: 1);
        foreach (var target in CpuTarget.All)
        {
            var small = target with { CacheFloats = 6000 };
            var kernels = ModelCompiler.Schedule(small, model.Train.Fused, model.Parameters).Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).ToList();
            Assert.Contains(kernels, launch => launch.Kernel.Main.Body is [Loop { Variable: "panel" }, ..]);
            var whole = Run(model, model.Train, target, sample, isCut: false);
            foreach (var isCut in new[] { true, false }) whole.AssertSameBits(Run(model, model.Train, small, sample, isCut), $"{target.Bits} bits");
        }
    }

    [Theory]
    [MemberData(nameof(Forwards))]
    public void Loop_programs_of_random_forwards_compute_what_their_graphs_say(int first)
    {
        var models = Enumerable.Range(first, 10).Select(RandomForwards.Valid).ToList();
        var compilation = TestCompilation.Create([.. models.Select(model => model.Source)]);
        Failures.Collect(Enumerable.Range(0, models.Count), i =>
        {
            var spec = ModelParser.ReadModel(compilation.GetTypeByMetadataName(models[i].Key)!, compilation, default);
            try
            {
                Check(ModelCompiler.Plan(spec), n: 1 + (i % 5), first + i);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{exception.Message}\n{models[i].Source}", exception);
            }
        });
    }

    private static void Check(CompiledModel model, int n, int seed)
    {
        if (model.Lowered.NeedsTwoSamples is not null) n = Math.Max(n, 2);
        var sample = Sample.Random(model.Lowered, n, seed);
        var references = model.Training.Select((_, loss) => new Reference(model.Lowered, sample, LoopInterpreter.Seed, LoopInterpreter.Number, loss)).ToList();
        foreach (var target in CpuTarget.All)
        {
            var training = model.Training.Select(plan => ModelCompiler.Schedule(target, plan.Fused, model.Parameters)).ToList();
            var infer = ModelCompiler.Schedule(target, model.Infer.Fused, model.Parameters);
            foreach (var isCut in new[] { true, false })
            {
                var what = $"{target.Bits} bits, {(isCut ? "in tasks" : "in one task")}";
                for (var loss = 0; loss < references.Count; loss++)
                {
                    references[loss].AssertTrains(Run(model, training[loss], target, sample, isCut), $"{what}, {model.Lowered.Losses[loss].Name}");
                }

                references[0].AssertInfers(Run(model, infer, target, sample, isCut), what + ", inference");
            }
        }
    }

    private static Outcome Run(CompiledModel model, GraphPlan plan, CpuTarget target, Sample sample, bool isCut)
    {
        var states = model.Parameters.Slots.Where(slot => slot.Parameter is StateNode).ToArray();
        var firstState = states.Select(slot => slot.Offset).DefaultIfEmpty(int.MaxValue).Min();
        var memory = new LoopMemory(sample.N, plan.Arenas, model.Parameters.Floats, model.Parameters.TrainableFloats, firstState);
        foreach (var column in sample.Columns) memory.AddColumn(column);
        for (var i = 0; i < model.Parameters.Floats; i++) memory.Give(Space.Parameters, i, 0);
        foreach (var slot in model.Parameters.Slots)
        {
            var values = slot.Parameter is ConstantNode constant ? [.. constant.Values.Select(value => (float)value)] : sample.Parameters[slot.Parameter.Name];
            for (var i = 0; i < values.Length; i++) memory.Give(Space.Parameters, slot.Offset + LayoutOracle.Position(slot.Layout, slot.Parameter.Shape, i), values[i]);
        }

        var roots = plan.Fused.Graph.Roots;
        var results = roots.Where(root => root.Kind is not (RootKind.Gradient or RootKind.State)).Select(root => (Root: root, Storage: plan.Storages.Of(Aliases.Source(root.Value)).Whole)).ToArray();
        new LoopInterpreter(plan, memory, target.Bits, sample.N, isCut).Run([.. results.Select(result => result.Storage)]);

        var outcome = new Outcome();
        foreach (var (root, storage) in results)
        {
            var length = root.Value.Shape.HasBatch ? sample.N * root.Value.Shape.Length : 1;
            outcome.Values.Add(Reference.NameOf(root), [.. Enumerable.Range(0, length).Select(i => memory.Result(storage, i, root.Name))]);
        }

        foreach (var root in roots.Where(root => root.Kind == RootKind.Gradient))
        {
            var slot = model.Parameters[root.Name];
            outcome.Values.Add(
                root.Name, [.. Enumerable.Range(0, slot.Parameter.Shape.Length).Select(i => memory.Result(Space.Gradients, slot.Offset + LayoutOracle.Position(slot.Layout, slot.Parameter.Shape, i), root.Name))]);
        }

        foreach (var slot in states)
        {
            var name = slot.Parameter.Name;
            outcome.Values.Add(name, [.. Enumerable.Range(0, slot.Parameter.Shape.Length).Select(i => memory.Result(Space.Parameters, slot.Offset + LayoutOracle.Position(slot.Layout, slot.Parameter.Shape, i), name))]);
        }

        return outcome;
    }
}
