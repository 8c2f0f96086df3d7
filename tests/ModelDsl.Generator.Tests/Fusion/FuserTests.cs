using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Fusion;

public class FuserTests
{
    [Fact]
    public void Bias_and_activation_are_fused_into_the_product()
    {
        var group = Train(new SpecBuilder().Input(8).Dense(4).Layer("Relu").Dense(2).Layer("MeanSquaredError")).Groups[0];
        Assert.Equal(GroupKind.Contract, group.Kind);
        Assert.Equal("relu1", Assert.Single(group.Stored).Name);
        Assert.True(group.Members.Count > 1);
    }

    [Fact]
    public void The_activations_gradient_is_fused_into_the_gradient_of_the_layer_behind_it()
    {
        var backward = Train(new SpecBuilder().Input(8).Dense(4).Layer("Relu").Dense(2).Layer("MeanSquaredError")).Groups
            .Single(group => group.Part == 1 && group.Kind == GroupKind.Contract && group.Anchor.Shape == Shape.Batch(4));
        Assert.Equal("dense1Gradient", Assert.Single(backward.Stored).Name);
    }

    [Fact]
    public void Before_a_relu_nothing_is_saved()
    {
        var stored = Train(new SpecBuilder().Input(8).Dense(4).Layer("Relu").Dense(2).Layer("MeanSquaredError")).Groups
            .Where(group => group.Part == 0).SelectMany(group => group.Stored).Select(node => node.Name);
        Assert.DoesNotContain("dense1", stored);
    }

    [Fact]
    public void A_layer_norm_is_one_group_forward()
    {
        var fused = Train(new SpecBuilder().Input(8).Layer("LayerNorm").Dense(2).Layer("MeanSquaredError"));
        var first = fused.Groups[0];
        Assert.Equal(GroupKind.Row, first.Kind);
        Assert.Equal(GroupKind.Contract, fused.Groups[1].Kind);
    }

    [Fact]
    public void Sums_over_the_same_rows_of_the_same_values_share_a_group()
    {
        var rows = Train(new SpecBuilder().Input(8).Dense(5).Layer("SoftmaxCrossEntropy")).Groups
            .Where(group => group.Part == 0 && group.Kind == GroupKind.Row && group.Members.Any(member => member.Shape.HasBatch));
        Assert.Contains("labelLogit", Assert.Single(rows).Stored.Select(node => node.Name));
    }

    [Fact]
    public void A_pool_is_fused_into_the_product_it_reads_and_nobody_stores_the_map_between()
    {
        var fused = Train(Pooled([], "Relu", 2));
        Assert.Equal(["maxPool2D1", "maxPool2D1Position"], fused.Groups[0].Stored.Select(node => node.Name));
        Assert.DoesNotContain("relu1", fused.Groups.SelectMany(group => group.Stored).Select(node => node.Name));

        var apart = ModelCompiler.Plan(Pooled([], "Relu", 2).Build()).TrainingGraphs[0].Fuse(IlgpuTarget.Instance.Limits).Groups;
        Assert.Contains("relu1", apart.SelectMany(group => group.Stored).Select(node => node.Name));
        Assert.DoesNotContain(apart, HoldsWindows);
    }

    [Theory]
    [InlineData("Same", "Relu", 2)]
    [InlineData("Valid", "Tanh", 2)]
    [InlineData("Valid", "Relu", 3)]
    public void A_pool_whose_tiles_would_be_unlike_or_large_stands_by_itself(string padding, string activation, int window) =>
        Assert.DoesNotContain(Train(Pooled([("padding", padding)], activation, window)).Groups, HoldsWindows);

    [Fact]
    public void Inference_computes_links_and_losses_only_on_demand()
    {
        var spec = new SpecBuilder().Input(8).Dense(5).Layer("SoftmaxCrossEntropy").Build();
        var infer = ModelCompiler.Plan(spec).Infer;
        Assert.True(infer.Parts.Count > 1);
        Assert.Null(PlanParts.Condition(infer.Fused.Graph, infer.Parts[0].Part));
        Assert.All(infer.Parts.Skip(1), part => Assert.NotNull(PlanParts.Condition(infer.Fused.Graph, part.Part)));
    }

    [Fact]
    public void A_group_reads_only_what_earlier_groups_store() => ModelCorpus.Check(ModelCorpus.Tried, model =>
    {
        foreach (var fused in model.Plan.Training.Append(model.Plan.Infer).Select(plan => plan.Fused))
        {
            var stored = new HashSet<Node>();
            foreach (var group in fused.Groups)
            {
                foreach (var source in group.Members.SelectMany(member => member.Operands).Select(operand => Aliases.Source(operand.Node)))
                    Require.That(!Aliases.IsComputed(source) || group.Members.Contains(source) || stored.Contains(source), $"{group} reads {source.Name}");
                stored.UnionWith(group.Stored);
            }
        }
    });

    private static bool HoldsWindows(Group group) => group.Kind == GroupKind.Contract && group.Members.Any(member => member is ReduceNode);

    private static SpecBuilder Pooled((string, object)[] padding, string activation, int window) => new SpecBuilder().Input(8, 8, 3)
        .Layer("Conv2D", [("filters", 4), ("kernel", 3), .. padding]).Layer(activation).Layer("MaxPool2D", ("window", window)).Layer("Flatten").Dense(2).Layer("MeanSquaredError");

    private static FusedGraph Train(SpecBuilder builder) => ModelCompiler.Plan(builder.Build()).Train.Fused;
}
