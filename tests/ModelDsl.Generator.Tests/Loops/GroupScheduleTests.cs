using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>Groups that differ only in names are scheduled once, with the same result.</summary>
public class GroupScheduleTests
{
    private const int Blocks = 6;

    public static TheoryData<int> Shares => ModelCorpus.FewShareIndices;

    [Fact]
    public void Repeated_blocks_are_scheduled_once()
    {
        var (shallow, deep) = (Scheduled(Blocks), Scheduled(3 * Blocks));
        Assert.True(deep.Launches > 2 * shallow.Launches, $"{deep.Launches} kernels of {shallow.Launches}");
        Assert.Equal(shallow.Groups, deep.Groups);
    }

    [Theory]
    [MemberData(nameof(Shares))]
    public void Kernels_of_an_equal_group_are_those_it_would_have_got_itself(int share) => ModelCorpus.Check(ModelCorpus.Share(share), model =>
    {
        foreach (var graph in model.Plan.TrainingGraphs.Append(model.Plan.InferGraph))
        {
            foreach (var target in Widths.Some(model.Number)) Compare(graph.Fuse(target.Limits), model.Plan.Parameters, (group, storages) => CpuSchedule.Build(target, group, storages));
            Compare(graph.Fuse(IlgpuTarget.Instance.Limits), model.Plan.Parameters, (group, storages) => GpuSchedule.Build(group, storages, usesTf32: false));
        }
    });

    private static void Compare(FusedGraph fused, ParameterPlan parameters, Func<Group, StorageMap, IReadOnlyList<Launch>> schedule)
    {
        var (once, each) = (StorageMap.Create(fused, parameters), StorageMap.Create(fused, parameters));
        var shared = Launches.OfGroups(fused, once, schedule, default);
        var own = Launches.OfGroups(fused, group => schedule(group, each), default);
        Assert.Equal(own.Count, shared.Count);
        foreach (var ((part, actual), (expectedPart, expected)) in shared.Zip(own))
        {
            Assert.Equal(expectedPart, part);
            Assert.Equal(expected.Kernel.Name, actual.Kernel.Name);
            Assert.Equal(expected.Buffers.Select(Text), actual.Buffers.Select(Text));
            Assert.Equal(expected.Streams, actual.Streams);
            Assert.Equal(expected.When, actual.When);
            Assert.Equal(expected.Kernel.Main.Buffers.Select(buffer => buffer.Written), actual.Kernel.Main.Buffers.Select(buffer => buffer.Written));
            Assert.Equal($"{expected.Kernel.Partition}", $"{actual.Kernel.Partition}");
            Assert.True(KernelShape.Of(expected.Kernel).Equals(KernelShape.Of(actual.Kernel)), $"{expected.Kernel.Name} is another program.");

            var written = actual.Kernel.InOwnNames();
            Assert.Equal(expected.Kernel.Formula, written.Formula);
            Assert.Equal(LoopPrinter.Print(expected.Kernel), LoopPrinter.Print(written));
        }
    }

    private static string Text(Storage storage) => $"{storage.Name}: {storage.Space}, {storage.Length} × {storage.Type}";

    /// <summary>The kernels of a model of equal layers, and how many groups were scheduled for them.</summary>
    private static (int Launches, int Groups) Scheduled(int blocks)
    {
        var builder = new SpecBuilder().Input(8);
        for (var i = 0; i < blocks; i++) builder.Dense(8).Layer("LayerNorm").Layer("Relu");
        var graph = ModelCompiler.Plan(builder.Layer("MeanSquaredError").Build());
        var (fused, count) = (graph.TrainingGraphs[0].Fuse(CpuTarget.Avx2.Limits), 0);
        var launches = Launches.OfGroups(
            fused, StorageMap.Create(fused, graph.Parameters), (group, storages) =>
            {
                count++;
                return CpuSchedule.Build(CpuTarget.Avx2, group, storages);
            },
            default);
        return (launches.Count, count);
    }
}
