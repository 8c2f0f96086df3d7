using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>
/// Schedule and memory without the generated text: loop programs of the corpus are interpreted in poisoned memory that watches for races, reads
/// before writes and positions outside a buffer, and their results are compared with those of the graph.
/// </summary>
public class LoopProgramTests
{
    public static TheoryData<int> Shares => ModelCorpus.ShareIndices;

    [Theory]
    [MemberData(nameof(Shares))]
    public void Loop_programs_compute_what_their_graphs_say(int share) =>
        ModelCorpus.Check(ModelCorpus.Share(share), model => Check(model, model.Batch(BatchOf(model))));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 1)]
    [InlineData(300, 4)]
    public void Sums_in_short_blocks_have_the_same_bits(int cacheFloats, int longSum)
    {
        var inBlocks = 0;
        ModelCorpus.Check(ModelCorpus.All.Where(random => random.Form == ModelForm.Images).Take(6), random =>
        {
            var model = random.Plan;
            var sample = Sample.Random(model.Lowered, n: 3, random.Seed);
            foreach (var target in CpuTarget.All)
            {
                var small = target with { CacheFloats = cacheFloats, LongSum = longSum };
                var plan = ModelCompiler.Schedule(small, model.Train.Fused, model.Parameters);
                var kernels = plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches);
                inBlocks += kernels.Count(launch => launch.Kernel.Tiles.Any(tile => tile.Integers.Contains(ContractPlan.Earlier)));
                var whole = Run(model, ModelCompiler.Schedule(target, model.Train.Fused, model.Parameters), target, sample, isCut: false);
                foreach (var isCut in new[] { true, false }) whole.AssertSameBits(Run(model, plan, small, sample, isCut), $"{target.Bits} bits");
            }
        });
        Assert.True(inBlocks > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(256)]
    public void Copies_of_operands_change_no_bit(int terms)
    {
        var model = ModelCompiler.Plan(new SpecBuilder().Input(9, 31).Layer("Dense", ("units", 70)).Layer("Relu").Layer("Dense", ("units", 13)).Layer("MeanSquaredError").Build());
        var sample = Sample.Random(model.Lowered, n: 3, seed: 1);
        foreach (var target in CpuTarget.All)
        {
            var small = target with { CacheFloats = 40, LongSum = 1, BlockTerms = terms };
            var plan = ModelCompiler.Schedule(small, model.Train.Fused, model.Parameters);
            var kernels = plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).ToList();
            Assert.Equal(2, kernels.Count(launch => launch.Buffers.Any(buffer => buffer.Space == Space.Worker)));
            var whole = Run(model, model.Train, target, sample, isCut: false);
            foreach (var isCut in new[] { true, false }) whole.AssertSameBits(Run(model, plan, small, sample, isCut), $"{target.Bits} bits");
        }
    }

    [Fact]
    public void Panels_larger_than_a_cache_go_over_all_positions_and_change_no_bit()
    {
        var model = ModelCompiler.Plan(new SpecBuilder().Input(4, 4, 40).Layer("Conv2D", ("filters", 70), ("kernel", 3), ("padding", "Same")).Layer("Relu")
            .Layer("Conv2D", ("filters", 40), ("kernel", 3), ("padding", "Same")).Layer("GlobalAveragePool").Layer("MeanSquaredError").Build());
        var sample = Sample.Random(model.Lowered, n: 2, seed: 1);
        foreach (var target in CpuTarget.All)
        {
            var small = target with { CacheFloats = 6000 };
            var kernels = ModelCompiler.Schedule(small, model.Train.Fused, model.Parameters).Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).ToList();
            Assert.Contains(kernels, launch => launch.Kernel.Main.Body is [Loop { Variable.Name: "panel" }, ..]);
            var whole = Run(model, model.Train, target, sample, isCut: false);
            foreach (var isCut in new[] { true, false }) whole.AssertSameBits(Run(model, model.Train, small, sample, isCut), $"{target.Bits} bits");
        }
    }

    /// <summary>Small batches, because interpreters are slow; those of flat models, which are fast, go up to 37 samples.</summary>
    private static int BatchOf(CorpusModel model) => 1 + (model.Form switch
    {
        ModelForm.Declared => 3,
        ModelForm.Images => model.Seed % 4,
        ModelForm.Forward or ModelForm.Recurrent or ModelForm.Scan => model.Seed % 5,
        _ => model.Seed % 3 == 0 ? model.Seed % 37 : model.Seed % 6,
    });

    private static void Check(CorpusModel model, int n)
    {
        var sample = Sample.Random(model.Lowered, n, model.Seed);
        var references = model.Lowered.Losses.Select((_, loss) => new Reference(model.Lowered, sample, LoopInterpreter.Seed, LoopInterpreter.Number, loss)).ToList();
        foreach (var (target, isCut) in Runs(model))
        {
            var (_, training, infer) = model.Schedule(target);
            var what = $"{target.Bits} bits, {(isCut ? "in tasks" : "in one task")}";
            for (var loss = 0; loss < references.Count; loss++)
            {
                references[loss].AssertTrains(Run(model.Plan, training[loss], target, sample, isCut), $"{what}, {model.Lowered.Losses[loss].Name}");
            }

            references[0].AssertInfers(Run(model.Plan, infer, target, sample, isCut), what + ", inference");
        }
    }

    /// <summary>In the long tier all targets, with kernels in the smallest tasks and in one; otherwise each target of this run with one of the two.</summary>
    private static IEnumerable<(CpuTarget Target, bool IsCut)> Runs(CorpusModel model)
    {
        var targets = Widths.Some(model.Number);
        return !TestScale.IsLong ? targets.Select((target, index) => (target, (model.Number + index) % 2 == 0)) : targets.SelectMany(target => new[] { (target, true), (target, false) });
    }

    private static Outcome Run(CompiledModel model, GraphPlan plan, CpuTarget target, Sample sample, bool isCut) =>
        PlanRun.Of(model, plan, sample, memory => new LoopInterpreter(plan, memory, target.Bits, sample.N, isCut));
}
