using ModelDsl.Generator.Graph;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Tests.Graph;

/// <summary>What no pass may build.</summary>
public class VerifierTests
{
    private static readonly ParameterNode Matrix = new("matrix", Shape.Of(3, 4), new("Constant", 0, 0), false, double.NaN);
    private static readonly ParameterNode Table = new("table", Shape.Of(3, 5), new("Constant", 0, 0), false, double.NaN);
    private static readonly InputNode Rows = new("rows", Shape.Batch(4), ElementType.Float, 0, 0);
    private static readonly InputNode Ids = new("ids", Shape.Batch(), ElementType.Int, 1, 3);

    [Fact]
    public void Reads_of_a_map_stay_inside() => Broken(() => GraphBuilder.Map(
        "map", Shape.Of(3, 4), Input(0), new Operand(Matrix, new IndexMap([Coordinate.Of(0, 1, 1), Coordinate.Of(1)]))));

    [Fact]
    public void A_sum_may_reach_beyond() => GraphBuilder.Reduce(
        "sum", ReduceOp.Sum, Shape.Of(3), Shape.Of(3, 4), IndexMap.Project(0), Input(0), new Operand(Matrix, new IndexMap([Coordinate.Of(0, 1, 1), Coordinate.Of(1)])));

    [Fact]
    public void N_stands_first_and_once()
    {
        Broken(() => GraphBuilder.Map("map", Shape.Of(4, Extent.Batch), Input(0), new Operand(Rows, IndexMap.Project(1, 0))));
        Broken(() => GraphBuilder.Map("map", Shape.Of(Extent.Batch, Extent.Batch), Zero));
    }

    [Fact]
    public void The_batch_stands_for_itself_alone()
    {
        Broken(() => GraphBuilder.Map("map", Shape.Of(3, 4), Input(0), Operand.Whole(Rows)));
        Broken(() => GraphBuilder.Map("map", Shape.Batch(4), Input(0), Operand.Whole(Matrix)));
    }

    [Fact]
    public void A_coordinate_has_at_most_two_terms() => Broken(() => GraphBuilder.Reduce(
        "sum",
        ReduceOp.Sum,
        Shape.Scalar,
        Shape.Of(2, 2, 2),
        IndexMap.Project(),
        Input(0),
        new Operand(Matrix, new IndexMap([new Coordinate([new Term(0, 1), new Term(1, 1), new Term(2, 1)]), Coordinate.At(0)]))));

    [Fact]
    public void A_body_reads_operands_and_axes_that_exist()
    {
        Broken(() => GraphBuilder.Map("map", Shape.Of(3), Input(0)));
        Broken(() => GraphBuilder.Map("map", Shape.Of(3), Index(1)));
        Broken(() => GraphBuilder.Map("map", Shape.Of(3), Less(Index(0), One)));
    }

    [Fact]
    public void Shapes_agree()
    {
        Broken(() => GraphBuilder.Reshape("reshape", Shape.Of(5), Matrix));
        Broken(() => GraphBuilder.Concat("concat", 0, Matrix, Table));
        Broken(() => GraphBuilder.Pad("pad", Shape.Of(3, 4), [1, 0], Matrix));
        Broken(() => GraphBuilder.Gather("gather", Matrix, Rows));
        Broken(() => GraphBuilder.ScatterAdd("scatter", Shape.Of(3, 4), Ids, Matrix));
    }

    [Fact]
    public void Products_are_of_floats_over_axes_somebody_uses()
    {
        Broken(() => GraphBuilder.Contract(
            "product", Shape.Batch(4), Shape.Batch(4), IndexMap.Project(0, 1), Operand.Whole(Rows), new Operand(Ids, IndexMap.Project(0))));
        Broken(() => GraphBuilder.Contract(
            "product", Shape.Batch(4), Shape.Batch(4, 2), IndexMap.Project(0, 1), Operand.Whole(Rows), Operand.Whole(Rows)));
    }

    private static void Broken(Func<Node> build) => Assert.Throws<InvalidGraphException>(build);
}
