using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scans;
using ModelDsl.Generator.Tests.Oracles;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Tests.Scans;

/// <summary>Loops over time, each with something of its own.</summary>
internal static class LoopCases
{
    /// <summary>A loop by name; the value depends on all that it computes.</summary>
    public static Node Create(string name, NodeCheck check) => name switch
    {
        "recurrent" => Recurrent(check, isReversed: false),
        "reversed" => Recurrent(check, isReversed: true),
        "two carried values" => TwoCarried(check),
        "an output made of a product" => Projected(check),
        "looked-up rows" => LookedUp(check),
        "a loop in a loop" => Nested(check),
        "one loop read twice" => GraphBuilder.Add("both", [Recurrent(check, isReversed: false), Last(check)]),
        "a sequence that samples share" => SharedSequence(check),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static TheoryData<string> Names => new(
        "recurrent", "reversed", "two carried values", "an output made of a product", "looked-up rows", "a loop in a loop", "one loop read twice", "a sequence that samples share");

    /// <summary>h = tanh(W·h + U·x + b).</summary>
    private static Node Step(NodeCheck check, Node h, Node x, int units)
    {
        var sum = GraphBuilder.Pointwise(
            "sum", Add(Input(0), Input(1)), GraphBuilder.Product("recurrent", h, check.Leaf(units, h.Shape[1])), GraphBuilder.Product("input", x, check.Leaf(units, x.Shape[1])));
        return GraphBuilder.Map("h", sum.Shape, Tanh(Add(Input(0), Input(1))), Operand.Whole(sum), Operand.Trailing(check.Leaf(units), 2));
    }

    private static Node Recurrent(NodeCheck check, bool isReversed)
    {
        var closure = new BodyClosure("loop", 4) { IsReversed = isReversed };
        var h = closure.Carry("state", check.Leaf(Extent.Batch, 3));
        var x = closure.Element("x", check.Leaf(Extent.Batch, 4, 2));
        var next = Step(check, h, x, 3);
        return GraphBuilder.ScanResult("states", closure.Close([next], [], []), ScanResultKind.History, 0);
    }

    private static Node Last(NodeCheck check)
    {
        var closure = new BodyClosure("loop", 4);
        var h = closure.Carry("state", check.Leaf(Extent.Batch, 3));
        var x = closure.Element("x", check.Leaf(Extent.Batch, 4, 2));
        var loop = closure.Close([Step(check, h, x, 3)], [], []);
        var last = GraphBuilder.Last("last", loop, 0);
        var first = GraphBuilder.After("after", loop, 0);
        return GraphBuilder.Map("sum", Shape.Batch(5, 3), Add(Input(0), Input(1)), new Operand(last, IndexMap.Project(0, 2)), new Operand(first, new([Coordinate.Of(0), Coordinate.At(1), Coordinate.Of(2)])));
    }

    private static Node TwoCarried(NodeCheck check)
    {
        var closure = new BodyClosure("loop", 3);
        var (a, b) = (closure.Carry("a", check.Leaf(Extent.Batch, 2)), closure.Carry("b", check.Leaf(Extent.Batch, 2)));
        var x = closure.Element("x", check.Leaf(Extent.Batch, 3, 2));
        var gate = GraphBuilder.Pointwise("gate", Sigmoid(Input(0)), GraphBuilder.Product("gates", a, check.Leaf(2, 2)));
        var nextB = GraphBuilder.Pointwise("nextB", Add(Multiply(Input(0), Input(1)), Multiply(Subtract(One, Input(0)), Input(2))), gate, b, x);
        var nextA = GraphBuilder.Pointwise("nextA", Multiply(Input(0), Tanh(Input(1))), gate, nextB);
        var output = GraphBuilder.Pointwise("output", Multiply(Input(0), Input(1)), nextA, b);
        var loop = closure.Close([nextA, nextB], [output], []);
        return GraphBuilder.Add("all", [
            GraphBuilder.After("as", loop, 0), GraphBuilder.Before("bs", loop, 1), GraphBuilder.ScanResult("outputs", loop, ScanResultKind.Output, 0)]);
    }

    private static Node Projected(NodeCheck check)
    {
        var closure = new BodyClosure("loop", 3);
        var h = closure.Carry("state", check.Leaf(Extent.Batch, 2));
        var x = closure.Element("x", check.Leaf(Extent.Batch, 3, 2));
        var next = Step(check, h, x, 2);
        var output = GraphBuilder.Pointwise("output", Exp(Input(0)), GraphBuilder.Product("projected", next, check.Leaf(4, 2)));
        return GraphBuilder.ScanResult("outputs", closure.Close([next], [output], []), ScanResultKind.Output, 0);
    }

    private static Node LookedUp(NodeCheck check)
    {
        var closure = new BodyClosure("loop", 3);
        var h = closure.Carry("state", check.Leaf(Extent.Batch, 2));
        var row = GraphBuilder.Gather("row", check.Leaf(5, 2), closure.Element("ids", check.Ids(5, Extent.Batch, 3)));
        var next = GraphBuilder.Pointwise("next", Tanh(Add(Multiply(Input(0), Input(1)), Input(0))), row, h);
        return GraphBuilder.ScanResult("states", closure.Close([next], [], []), ScanResultKind.History, 0);
    }

    private static Node Nested(NodeCheck check)
    {
        var outer = new BodyClosure("outer", 3);
        var h = outer.Carry("state", check.Leaf(Extent.Batch, 2));
        var x = outer.Element("x", check.Leaf(Extent.Batch, 3, 2, 2));
        var weight = check.Leaf(2, 2);
        var inner = new BodyClosure("inner", 2) { IsReversed = true };
        var k = inner.Carry("inside", h);
        var y = inner.Element("y", x);
        var nextInside = GraphBuilder.Pointwise("nextInside", Tanh(Add(Input(0), Multiply(Input(1), Input(2)))), GraphBuilder.Product("product", k, weight), y, h);
        var loop = inner.Close([nextInside], [], []);
        var next = GraphBuilder.Pointwise("next", Sigmoid(Input(0)), GraphBuilder.Last("last", loop, 0));
        return GraphBuilder.ScanResult("states", outer.Close([next], [], []), ScanResultKind.History, 0);
    }

    private static Node SharedSequence(NodeCheck check)
    {
        var closure = new BodyClosure("loop", 3);
        var h = closure.Carry("state", check.Leaf(Extent.Batch, 2));
        var x = closure.Element("x", check.Leaf(3, 2));
        var next = GraphBuilder.Map("next", h.Shape, Tanh(Add(Multiply(Input(0), Input(1)), Input(1))), Operand.Whole(h), Operand.Trailing(x, 2));
        return GraphBuilder.ScanResult("states", closure.Close([next], [], []), ScanResultKind.History, 0);
    }
}
