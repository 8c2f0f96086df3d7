using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.RegionAnalysis;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Oracles;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Tests.Simplify;

/// <summary>Each rewrite rule alone: the pattern is gone and the numbers are the same.</summary>
public class RuleTests
{
    private readonly NodeCheck check = new(3);

    [Fact]
    public void Reads_through_views_become_reads_of_what_is_behind()
    {
        var (a, b) = (check.Leaf(Extent.Batch, 3, 4), check.Leaf(4, 5));
        var turned = GraphBuilder.View("turned", Shape.Batch(4, 3), new Operand(a, IndexMap.Project(0, 2, 1)));
        var slice = GraphBuilder.Slice("slice", turned, [0, 1, 0], Shape.Batch(2, 3));
        var map = GraphBuilder.Pointwise("map", Exp(Input(0)), slice);
        Holds(map, Rules.FoldView, node => node is ViewNode);

        var part = GraphBuilder.Slice("part", b, [1, 1], Shape.Of(3, 4));
        var product = GraphBuilder.Product("product", GraphBuilder.View("again", Shape.Batch(4, 3), new Operand(a, IndexMap.Project(0, 2, 1))), part);
        Holds(Assert.IsType<ContractNode>(product), Rules.FoldView, node => node is ViewNode);
    }

    [Fact]
    public void A_window_over_the_edge_of_a_slice_keeps_the_slice()
    {
        var a = check.Leaf(Extent.Batch, 6);
        var slice = GraphBuilder.Slice("slice", a, [0, 1], Shape.Batch(4));
        var window = new IndexMap([Coordinate.Of(0), new Coordinate([new Term(1, 1), new Term(2, 1)], -1)]);
        var pool = GraphBuilder.Reduce(
            "pool", ReduceOp.Sum, Shape.Batch(4), Shape.Batch(4, 3), IndexMap.Project(0, 1), Input(0), new Operand(slice, window));
        var graph = Rewritten(pool, Rules.FoldView);
        Assert.Contains(graph.Nodes, node => node is ViewNode);
        FiniteDifferences.AssertClose(check.Run(pool), check.Run(graph.Roots[0].Value), "pool", 0);
    }

    [Fact]
    public void Identities_vanish()
    {
        var a = check.Leaf(Extent.Batch, 4);
        var copy = GraphBuilder.Pointwise("copy", Input(0), a);
        Holds(GraphBuilder.Pointwise("map", Tanh(Input(0)), copy), Rules.DropIdentity, node => node.Name == "copy");
        var one = GraphBuilder.Concat("one", 1, a);
        Holds(GraphBuilder.Pointwise("map", Tanh(Input(0)), one), Rules.DropIdentity, node => node is ConcatNode);
    }

    [Fact]
    public void A_reshape_of_a_reshape_is_one()
    {
        var inner = GraphBuilder.Reshape("inner", Shape.Batch(3, 4), check.Leaf(Extent.Batch, 12));
        Holds(GraphBuilder.Reshape("outer", Shape.Batch(2, 6), inner), Rules.MergeReshapes, node => node.Name == "inner");
        var back = GraphBuilder.Reshape("back", Shape.Batch(12), inner);
        Holds(GraphBuilder.Pointwise("map", Tanh(Input(0)), back), Rules.MergeReshapes, node => node is ReshapeNode { Name: "inner" });
    }

    [Fact]
    public void Constants_move_into_bodies()
    {
        var a = check.Leaf(Extent.Batch, 4);
        var two = GraphBuilder.Map("two", Shape.Of(4), Const(2));
        var map = GraphBuilder.Map("map", a.Shape, Multiply(Input(1), Add(Input(0), Input(1))), Operand.Whole(a), Operand.Trailing(two, 2));
        Holds(map, Rules.FoldConstant, node => node.Name == "two");
    }

    [Fact]
    public void A_sum_of_pads_side_by_side_is_a_concatenation()
    {
        var (a, b, c) = (check.Leaf(Extent.Batch, 4, 2), check.Leaf(Extent.Batch, 4, 3), check.Leaf(Extent.Batch, 4, 1));
        Node Pad(Node part, int start) => GraphBuilder.Pad("pad", Shape.Batch(4, 6), [0, 0, start], part);
        Node[] pads = [Pad(b, 2), Pad(a, 0), Pad(c, 5)];
        Holds(GraphBuilder.Add("sum", pads), DisjointPads.Concatenate, node => node is PadNode or MapNode);
        Holds(GraphBuilder.Add("sum", [.. pads, check.Leaf(Extent.Batch, 4, 6)]), DisjointPads.Concatenate, node => node is PadNode);
    }

    [Fact]
    public void A_sum_of_pads_with_a_gap_or_that_overlap_stays_a_sum()
    {
        var (a, b) = (check.Leaf(Extent.Batch, 4, 2), check.Leaf(Extent.Batch, 4, 3));
        Node Pad(Node part, int start) => GraphBuilder.Pad("pad", Shape.Batch(4, 6), [0, 0, start], part);
        foreach (var start in new[] { 1, 3 }) Assert.Null(DisjointPads.Concatenate(GraphBuilder.Add("sum", [Pad(a, 0), Pad(b, start)])));
        Assert.Null(DisjointPads.Concatenate(GraphBuilder.Add("sum", [Pad(a, 0), Pad(a, 0)])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sum_over_the_columns_of_two_matrices_goes_over_the_terms_of_one(bool isDropped)
    {
        var (a, v, p) = (check.Leaf(Extent.Batch, 2, 5, 3), check.Leaf(Extent.Batch, 7, 2, 3), check.Leaf(Extent.Batch, 2, 5, 7));
        Node Kept(Node x) => isDropped ? GraphBuilder.Pointwise("kept", Select(Less(Input(1), Const(0)), Zero, Multiply(Input(0), Const(2))), x, p) : x;
        var product = GraphBuilder.Contract("product", p.Shape, Shape.Batch(2, 5, 7, 3), IndexMap.Identity(4), new Operand(a, IndexMap.Project(0, 1, 2, 4)), new Operand(v, IndexMap.Project(0, 3, 1, 4)));
        var sum = GraphBuilder.Contract(
            "sum", Shape.Batch(5, 2, 3), Shape.Batch(5, 2, 3, 7), IndexMap.Identity(4), new Operand(Kept(p), IndexMap.Project(0, 2, 1, 4)), new Operand(v, IndexMap.Project(0, 4, 2, 3)));
        var dot = GraphBuilder.ReduceLast("dot", ReduceOp.Sum, p.Shape, Multiply(Input(0), Negate(Input(1))), Operand.Whole(Kept(product)), Operand.Whole(p));
        var graph = RowDots.Run(new ModelGraph([new Root(RootKind.Output, "sum", sum), new Root(RootKind.Output, "dot", dot)]), default);
        Assert.Equal(Shape.Batch(2, 5, 3), Assert.IsType<ReduceNode>(graph.Roots[1].Value).Domain);
        Assert.DoesNotContain(graph.Nodes, node => node.Name == "product");
        FiniteDifferences.AssertClose(check.Run(dot), check.Run(graph.Roots[1].Value), "dot", 1e-12);
    }

    [Fact]
    public void Operands_are_read_once_and_only_if_needed()
    {
        var (a, b) = (check.Leaf(Extent.Batch, 4), check.Leaf(Extent.Batch, 4));
        var map = GraphBuilder.Pointwise("map", Multiply(Input(0), Add(Input(2), Const(1))), a, b, a);
        Holds(map, Rules.DropOperands, node => node == b || node.Operands.Count > 1);
    }

    [Fact]
    public void An_operand_that_bounds_a_sum_stays()
    {
        var a = check.Leaf(Extent.Batch, 4);
        var window = new IndexMap([Coordinate.Of(0), new Coordinate([new Term(1, 1), new Term(2, 1)], -1)]);
        var count = GraphBuilder.Reduce("count", ReduceOp.Sum, Shape.Batch(4), Shape.Batch(4, 3), IndexMap.Project(0, 1), One, new Operand(a, window));
        Assert.Null(Rules.DropOperands(count));
        Assert.Equal([2, 3, 3, 2], check.Run(count)[..4]);
    }

    [Fact]
    public void A_sum_of_single_terms_is_none()
    {
        var a = check.Leaf(Extent.Batch, 3, 4);
        var sum = GraphBuilder.Reduce("sum", ReduceOp.Sum, Shape.Batch(4, 3), a.Shape, IndexMap.Project(0, 2, 1), Sin(Input(0)), Operand.Whole(a));
        Holds(sum, Rules.DropEmptyReduction, node => node is ReduceNode);
    }

    [Fact]
    public void Log_sum_exp_is_expanded_stably()
    {
        var a = check.Leaf(Extent.Batch, 4);
        check.Values[a.Name][2] = 1e4;
        Holds(GraphBuilder.LogSumExp("lse", a), Rules.ExpandLogSumExp, node => node is LogSumExpNode);
    }

    [Fact]
    public void Stopped_gradients_are_plain_values_in_the_end() =>
        Holds(GraphBuilder.Pointwise("map", Tanh(Input(0)), new StopGradientNode(check.Leaf(3))), Rules.DropStopGradient, node => node is StopGradientNode);

    [Fact]
    public void Bodies_become_stable() => Holds(
        GraphBuilder.Pointwise("map", Log(Add(One, Exp(Input(0)))), check.Leaf(3)),
        Rules.SimplifyBody,
        node => node is MapNode { Body: Apply { Op: ScalarOp.Log } });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_sum_around_its_mean_is_zero(bool aroundMean)
    {
        var (a, k) = (check.Leaf(Extent.Batch, 4), check.Leaf(Extent.Batch));
        var total = GraphBuilder.ReduceLast("total", ReduceOp.Sum, a.Shape, Input(0), Operand.Whole(a));
        var mean = GraphBuilder.Pointwise("mean", Multiply(Const(aroundMean ? 0.25 : 0.5), Input(0)), total);
        var body = Multiply(Multiply(Const(3), Input(2)), Subtract(Input(0), Input(1)));
        var sum = GraphBuilder.ReduceLast("sum", ReduceOp.Sum, a.Shape, body, Operand.Whole(a), Operand.Whole(mean), Operand.Whole(k));
        if (aroundMean) Holds(sum, CenteredSum.Drop, node => node is ReduceNode);
        else Assert.Null(CenteredSum.Drop(sum));

        var varying = Multiply(Multiply(Index(1), Input(2)), Subtract(Input(0), Input(1)));
        Assert.Null(CenteredSum.Drop(
            GraphBuilder.ReduceLast("sum", ReduceOp.Sum, a.Shape, varying, Operand.Whole(a), Operand.Whole(mean), Operand.Whole(k))));
        var square = Multiply(Input(2), Multiply(Subtract(Input(0), Input(1)), Subtract(Input(0), Input(1))));
        Assert.Null(CenteredSum.Drop(
            GraphBuilder.ReduceLast("sum", ReduceOp.Sum, a.Shape, square, Operand.Whole(a), Operand.Whole(mean), Operand.Whole(k))));
    }

    [Fact]
    public void Equal_nodes_become_one()
    {
        var a = check.Leaf(Extent.Batch, 4);
        var sum = GraphBuilder.Add("sum", [GraphBuilder.Pointwise("one", Tanh(Input(0)), a), GraphBuilder.Pointwise("two", Tanh(Input(0)), a)]);
        var graph = Rewritten(sum);
        Assert.Single(graph.Nodes, node => node is MapNode { Body: Apply { Op: ScalarOp.Tanh } });
        FiniteDifferences.AssertClose(check.Run(sum), check.Run(graph.Roots[0].Value), "sum", 0);
    }

    [Fact]
    public void A_map_with_one_reader_moves_into_it_and_one_with_two_stays()
    {
        var (a, k) = (check.Leaf(Extent.Batch, 3, 4), check.Leaf(4, 3));
        var single = GraphBuilder.Map("single", k.Shape, Add(Sin(Input(0)), Index(1)), Operand.Whole(k));
        var twice = GraphBuilder.Pointwise("twice", Cos(Input(0)), a);
        var turned = new Operand(single, IndexMap.Project(2, 1));
        var broadcast = GraphBuilder.Map("broadcast", a.Shape, Multiply(Input(0), Input(1)), Operand.Whole(twice), turned);
        var alone = GraphBuilder.Map("alone", Shape.Of(3, 4), Tanh(Input(0)), new Operand(single, IndexMap.Project(1, 0)));

        var kept = Inlining.Run(GraphOf(GraphBuilder.Add("sum", [broadcast, twice])));
        Assert.Contains(kept.Nodes, node => node.Name == "single"); // Broadcast over N: it would be computed for every sample.
        Assert.Contains(kept.Nodes, node => node.Name == "twice");
        Assert.DoesNotContain(kept.Nodes, node => node.Name == "broadcast");
        FiniteDifferences.AssertClose(check.Run(GraphBuilder.Add("sum", [broadcast, twice])), check.Run(kept.Roots[0].Value), "sum", 1e-15);

        var moved = Inlining.Run(GraphOf(alone));
        Assert.DoesNotContain(moved.Nodes, node => node.Name == "single");
        FiniteDifferences.AssertClose(check.Run(alone), check.Run(moved.Roots[0].Value), "alone", 1e-15);
    }

    [Fact]
    public void A_map_of_a_reshaped_map_is_computed_before_the_reshape()
    {
        var (a, b, c) = (check.Leaf(Extent.Batch, 6, 5), check.Leaf(Extent.Batch, 3, 2, 5), check.Leaf(5));
        var digits = GraphBuilder.Map("digits", b.Shape, Add(Tanh(Input(0)), Index(2)), Operand.Whole(b));
        var reshaped = GraphBuilder.Reshape("reshaped", a.Shape, digits);
        var body = Add(Multiply(Input(0), Input(1)), Multiply(Input(2), Index(1)));
        var map = GraphBuilder.Map("map", a.Shape, body, Operand.Whole(a), Operand.Whole(reshaped), Operand.Trailing(c, 3));
        var graph = Inlining.Run(GraphRewriter.Rewrite(BeforeReshape.Run(GraphOf(map))));
        Assert.Single(graph.Nodes, node => node is MapNode);
        Assert.IsType<ReshapeNode>(graph.Roots[0].Value);
        FiniteDifferences.AssertClose(check.Run(map), check.Run(graph.Roots[0].Value), "map", 1e-15);

        // Elements in another order than that of digits are not moved, nor are values with other readers.
        var crossed = GraphBuilder.Reshape("crossed", a.Shape, GraphBuilder.Map("other", Shape.Batch(5, 6), Tanh(Input(0)), Operand.Whole(check.Leaf(Extent.Batch, 5, 6))));
        var over = GraphBuilder.Pointwise("over", Multiply(Input(0), Input(1)), a, crossed);
        Assert.Equal(2, BeforeReshape.Run(GraphOf(over)).Nodes.Count(node => node is MapNode));
        var twice = GraphBuilder.Add("twice", [map, reshaped]);
        Assert.Equal(3, BeforeReshape.Run(GraphOf(twice)).Nodes.Count(node => node is MapNode));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_gradient_in_front_of_a_pool_asks_for_what_the_pool_has_found(bool hasTies)
    {
        var (leaf, bias) = (check.Leaf(Extent.Batch, 6, 4, 3), check.Leaf(3));
        if (hasTies) check.Values[leaf.Name] = [.. check.Values[leaf.Name].Select(value => Math.Round(value * 2) / 2)];
        if (hasTies) check.Values[bias.Name] = [-0.5, 0, 1];
        var sum = GraphBuilder.Map("sum", leaf.Shape, Add(Input(0), Input(1)), Operand.Whole(leaf), Operand.Trailing(bias, 4));
        var active = GraphBuilder.Pointwise("active", hasTies ? Maximum(Input(0), Zero) : Tanh(Input(0)), sum);
        var window = new IndexMap([Coordinate.Of(0), new Coordinate([new Term(1, 2), new Term(3, 1)]), new Coordinate([new Term(2, 2), new Term(4, 1)]), Coordinate.Of(5)]);
        var pool = GraphBuilder.Reduce(
            "pool", ReduceOp.Max, Shape.Batch(3, 2, 3), Shape.Batch(3, 2, 2, 2, 3), IndexMap.Project(0, 1, 2, 5), Input(0), new Operand(active, window));
        var gradients = Differentiation.Gradients(NodeCheck.Measure(pool), [leaf, bias]);
        var simple = Simplifier.AfterGradients(new([.. gradients.Select((gradient, index) => new Root(RootKind.Output, $"{index}", gradient))]));
        Assert.All(simple.Nodes.Where(node => node.Operands.Any(operand => operand.Node.Name == "active")), node => Assert.IsType<ReduceNode>(node));
        Assert.Single(simple.Nodes, node => node is MapNode && node.Domain.Rank == 6);
        Assert.Equal(Shape.Batch(3, 2, 3), Assert.Single(simple.Nodes, node => node is ReduceNode { Op: ReduceOp.Sum }).Domain);
        for (var i = 0; i < 2; i++) FiniteDifferences.AssertClose(check.Run(gradients[i]), check.Run(simple.Roots[i].Value), $"gradient {i}", 1e-14);
        if (!hasTies) check.Gradients(pool, second: false);
    }

    [Fact]
    public void Only_what_is_read_is_computed()
    {
        var (a, w) = (check.Leaf(Extent.Batch, 6, 4), check.Leaf(5, 4));
        var product = GraphBuilder.Product("product", a, w);
        var map = GraphBuilder.Map("map", product.Shape, Add(Tanh(Input(0)), Index(1)), Operand.Whole(product));
        var sum = GraphBuilder.Reduce("sum", ReduceOp.Sum, Shape.Batch(6), map.Shape, IndexMap.Project(0, 1), Sin(Input(0)), Operand.Whole(map));
        var slice = GraphBuilder.Slice("slice", sum, [0, 2], Shape.Batch(3));
        var every = GraphBuilder.Map("every", Shape.Batch(2), Input(0), new Operand(slice, new IndexMap([Coordinate.Of(0), Coordinate.Of(1, 2)])));
        var graph = RegionPass.Run(GraphOf(every));
        Assert.Equal(Shape.Batch(3, 5), graph.Nodes.Single(node => node.Name == "product").Shape);
        Assert.Equal(Shape.Batch(3, 5), graph.Nodes.Single(node => node.Name == "map").Shape);
        FiniteDifferences.AssertClose(check.Run(every), check.Run(graph.Roots[0].Value), "slice", 1e-15);

        var all = GraphOf(map);
        Assert.Same(all, RegionPass.Run(all));
    }

    private static ModelGraph GraphOf(Node node) => new([new Root(RootKind.Output, "output", node)]);

    private static ModelGraph Rewritten(Node node, params Func<Node, Node?>[] rules) => GraphRewriter.Rewrite(GraphOf(node), rules);

    private void Holds(Node node, Func<Node, Node?> rule, Func<Node, bool> pattern)
    {
        Assert.Contains(GraphOf(node).Nodes, other => pattern(other));
        var graph = Rewritten(node, rule);
        Assert.DoesNotContain(graph.Nodes, other => pattern(other));
        FiniteDifferences.AssertClose(check.Run(node), check.Run(graph.Roots[0].Value), rule.Method.Name, 1e-12);
    }
}
