using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Tests.Forward;

namespace ModelDsl.Generator.Tests.Memory;

/// <summary>What sequences ask of memory: parts of a common projection, and sums over all positions of all samples.</summary>
public class SequenceTests
{
    [Fact]
    public void Gradients_of_parts_are_computed_where_the_whole_has_them()
    {
        var plan = ModelCompiler.Plan(Read.Spec("[Model, Input(5, 4), MeanSquaredError] partial class Net { private static Tensor Forward(Tensor x) => x.SelfAttention(2); }")).Train;
        var whole = Assert.Single(plan.Fused.Graph.Nodes.OfType<ConcatNode>());
        Assert.Equal(3, whole.Operands.Count);
        Assert.All(whole.Operands, part => Assert.Same(plan.Storages.Of(whole).Whole, plan.Storages.Of(Aliases.Source(part.Node)).Whole));
        Assert.DoesNotContain(plan.Fused.Graph.Nodes, node => node is PadNode);
    }

    [Fact]
    public void Sums_over_the_positions_of_a_sequence_are_taken_in_blocks()
    {
        var plan = ModelCompiler.Plan(Read.Spec("[Model, Input(64, 96), Dense(200), MeanSquaredError] partial class Net;")).Train;
        var tiles = plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).SelectMany(launch => launch.Kernel.Tiles);
        Assert.Contains(tiles, tile => tile.Integers.Contains(ContractPlan.Earlier));
    }
}
