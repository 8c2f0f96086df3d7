using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Autodiff;

/// <summary>The gradient rules of operations with a scalar expression.</summary>
internal static class PointwiseRules
{
    /// <summary>dOut · ∂body/∂leaf over the map's domain, and then the gradient of the operand's map.</summary>
    public static Node? OfMap(MapNode node, int operand, Node gradient, string name)
    {
        var count = node.Operands.Count;
        var derivative = ThroughOutput.Rewrite(ScalarGradient.Of(node.Body, operand), node.Body, Input(count + 1));
        if (derivative is Constant { Value: 0 }) return null;
        var product = Times(Input(count), derivative);
        var term = product is Leaf
            ? gradient
            : Pruned(name, node.Domain, product, [.. node.Operands, Operand.Whole(gradient), Operand.Whole(node)]);
        return GradientRules.Scatter(term, node.Operands[operand], node.Domain, name);
    }

    public static Node? OfReduce(ReduceNode node, int operand, Node gradient, string name) => node.Op switch
    {
        ReduceOp.Sum => OfTerms(node, operand, gradient, name, ofMaximum: false),
        ReduceOp.Max => OfTerms(node, operand, gradient, name, ofMaximum: true),
        ReduceOp.ArgMax => null,
    };

    /// <summary>The gradient with respect to all terms, or to the first that is equal to the maximum.</summary>
    private static Node? OfTerms(ReduceNode node, int operand, Node gradient, string name, bool ofMaximum)
    {
        var count = node.Operands.Count;
        var derivative = ScalarGradient.Of(node.Body, operand);
        if (derivative is Constant { Value: 0 }) return null;
        Operand[] reads = [.. node.Operands, new Operand(gradient, node.Output)];
        var product = Times(Input(count), derivative);
        if (ofMaximum)
        {
            var first = GraphBuilder.Reduce(node.Name + "Position", ReduceOp.ArgMax, node.Shape, node.Domain, node.Output, node.Body, [.. node.Operands]);
            reads = [.. reads, new Operand(first, node.Output)];
            product = Select(Equal(node.Position, Input(count + 1)), product, Zero);
        }

        var target = node.Operands[operand];
        if (reads.All(read => Maps.InBounds(read.Map, node.Domain, read.Node.Shape)))
        {
            var isBroadcast = product is Leaf;
            var term = isBroadcast ? GraphBuilder.View(name, node.Domain, reads[count]) : Pruned(name, node.Domain, product, reads);
            return GradientRules.Scatter(term, target, node.Domain, name);
        }

        // If the domain extends beyond an operand, the term is skipped. A reduction can skip terms; a map cannot.
        var (body, kept) = Prune(product, reads);
        var alive = node.Operands.Where(read => !kept.Contains(read));
        var anchored = kept.Concat(alive).ToArray();
        return GraphBuilder.Reduce(name, ReduceOp.Sum, target.Node.Shape, node.Domain, target.Map, body, anchored);
    }

    // select(c, d, 0) is shorter and faster than d · select(c, 1, 0).
    private static Expr Times(Expr gradient, Expr derivative) => derivative switch
    {
        Apply { Op: ScalarOp.Select } select when select.Args[1] is Constant { Value: 0 or 1 } || select.Args[2] is Constant { Value: 0 or 1 } =>
            Select(select.Args[0], Times(gradient, select.Args[1]), Times(gradient, select.Args[2])),
        _ => Multiply(gradient, derivative),
    };

    private static Node Pruned(string name, Shape shape, Expr body, IReadOnlyList<Operand> operands)
    {
        var (pruned, kept) = Prune(body, operands);
        return GraphBuilder.Map(name, shape, pruned, kept);
    }

    /// <summary>Returns the body and the operands that it reads.</summary>
    private static (Expr Body, Operand[] Operands) Prune(Expr body, IReadOnlyList<Operand> operands)
    {
        var used = ExprWalk.Inputs(body).ToList();
        var leaves = Enumerable.Range(0, operands.Count).Select(index => Input(Math.Max(0, used.IndexOf(index)))).ToArray();
        return (ExprWalk.Substitute(body, leaves), [.. used.Select(index => operands[index])]);
    }
}
