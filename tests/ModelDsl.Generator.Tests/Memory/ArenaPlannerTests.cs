using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Generator.Tests.Recompute;

namespace ModelDsl.Generator.Tests.Memory;

public class ArenaPlannerTests
{
    [Fact]
    public void Buffers_that_live_at_the_same_time_do_not_overlap() => ModelCorpus.Check(ModelCorpus.Tried, model =>
    {
        foreach (var plan in model.Plan.Training.Append(model.Plan.Infer))
        {
            var lives = Lives(plan);
            var inPlace = new HashSet<(Storage, Storage)>();
            foreach (var (time, operand, result) in plan.InPlace())
            {
                var isOnlyReader = plan.Parts.SelectMany(part => part.Phases).ElementAt(time).Launches.Count(launch => launch.Buffers.Contains(operand)) == 1;
                if (isOnlyReader && lives.Any(life => life.Storage == operand && life.To == time) && lives.Any(life => life.Storage == result && life.From == time)) inPlace.UnionWith([(operand, result), (result, operand)]);
            }

            foreach (var (a, fromA, toA) in lives)
            {
                Assert.InRange(a.ByteOffset, 0, (a.Space == Space.Batched ? plan.Arenas.Batched : plan.Arenas.Fixed) - a.Bytes);
                foreach (var (b, fromB, toB) in lives.Where(life => life.Storage != a && life.Storage.Space == a.Space))
                {
                    var meet = fromA <= toB && fromB <= toA;
                    var overlap = a.ByteOffset < b.ByteOffset + b.Bytes && b.ByteOffset < a.ByteOffset + a.Bytes;
                    Require.That(!(meet && overlap) || inPlace.Contains((a, b)), $"{a.Name} and {b.Name} share memory while both are alive.");
                }
            }
        }
    });

    [Fact]
    public void A_derivative_that_nothing_reads_again_is_overwritten_by_the_gradient()
    {
        var plan = ModelCompiler.Plan(new SpecBuilder().Input(8).Dense(6).Layer("Gelu").Dense(2).Layer("MeanSquaredError").Build()).Training[0];
        Assert.Equal([("gelu1Derivative", "dense1Gradient")], plan.InPlace().Select(pair => (pair.Operand.Name, pair.Result.Name)));
    }

    [Fact]
    public void Of_several_results_only_the_last_overwrites_an_operand()
    {
        // The kernel of the product stores the factor that it computes, before it reads the other one.
        var plan = ModelCompiler.Plan(Read.Spec(RecomputedModels.All["Methods"], "Methods")).Train;
        var pairs = plan.InPlace().Select(pair => (pair.Operand.Name, pair.Result.Name)).ToArray();
        Assert.Contains(("sharedTanh1", "sharedProduct1"), pairs);
        Assert.DoesNotContain(("sharedTanh1", "sharedDense2"), pairs);
    }

    [Fact]
    public void An_operand_that_another_kernel_reads_is_not_overwritten()
    {
        // The gradient of the second layer's weights reads the result of the activation.
        var plan = ModelCompiler.Plan(new SpecBuilder().Input(8).Dense(6).Layer("Sigmoid").Dense(2).Layer("MeanSquaredError").Build()).Training[0];
        Assert.Contains(plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches), launch => launch.Kernel.InPlace is not null);
        Assert.Empty(plan.InPlace());
    }

    [Fact]
    public void Nothing_is_read_in_the_phase_that_writes_it_except_by_the_worker_that_wrote_it() => ModelCorpus.Check(ModelCorpus.Tried, model =>
    {
        foreach (var phase in model.Plan.Training.Append(model.Plan.Infer).SelectMany(plan => plan.Parts).SelectMany(part => part.Phases))
        {
            var uses = phase.Launches.SelectMany(launch => launch.Uses.Select(use => (Launch: launch, use.Storage, use.IsWritten))).ToArray();
            var meetings = uses.Where(use => !use.IsWritten).SelectMany(read => uses.Where(use => use.IsWritten && use.Storage == read.Storage).Select(write => (write, read)));
            Assert.All(meetings, pair => Assert.True(OwnTasks.Only(pair.write.Launch, pair.read.Launch, pair.read.Storage)));
        }
    });

    [Fact]
    public void A_deeper_model_reuses_memory_in_inference()
    {
        var shallow = ModelCompiler.Plan(Chain(2)).Infer.Arenas.Batched;
        Assert.Equal(shallow, ModelCompiler.Plan(Chain(12)).Infer.Arenas.Batched);
    }

    private static ModelSpec Chain(int layers)
    {
        var builder = new SpecBuilder().Input(32);
        for (var i = 0; i < layers; i++) builder = builder.Dense(32).Layer("Relu");
        return builder.Layer("MeanSquaredError").Build();
    }

    private static List<(Storage Storage, int From, int To)> Lives(GraphPlan plan)
    {
        var kept = plan.Fused.Graph.Roots.Where(root => root.Kind != RootKind.Gradient)
            .Select(root => plan.Storages.Of(Aliases.Source(root.Value)).Whole).ToHashSet();
        return [.. plan.Parts.SelectMany(part => part.Phases)
            .SelectMany((phase, time) => phase.Launches.SelectMany(launch => launch.Buffers).Select(buffer => (buffer, time)))
            .Where(use => use.buffer.Space is Space.Batched or Space.Fixed)
            .GroupBy(use => use.buffer)
            .Select(uses => (uses.Key, uses.Min(use => use.time), kept.Contains(uses.Key) ? int.MaxValue : uses.Max(use => use.time)))];
    }
}
