using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>
/// Σₖ P·(Σₑ A·V) = Σₑ A·(Σₖ P·V): a sum over the columns of two matrices, of which one is a product, is equal to a sum over the terms of that product if the other matrix has
/// already been multiplied by its second operand. The gradient of a softmax contains such a sum, Σ dP·P. It becomes dO·O, whose rows are much shorter (Dao et al., 2022). With
/// dropout, P is the weights after dropout.
/// </summary>
internal static class RowDots
{
    public static ModelGraph Run(ModelGraph graph, CancellationToken cancellation)
    {
        var products = graph.Nodes.OfType<ContractNode>().ToArray();
        var sums = new Dictionary<Node, List<(ContractNode Sum, int Operand)>>();
        foreach (var product in products)
        {
            for (var operand = 0; operand < 2; operand++)
            {
                var factor = product.Operands[1 - operand].Node;
                if (!sums.TryGetValue(factor, out var known)) sums.Add(factor, known = []);
                known.Add((product, operand));
            }
        }

        return Rewriter.Rewrite(graph, node =>
        {
            cancellation.ThrowIfCancellationRequested();
            return node is ReduceNode { Op: ReduceOp.Sum } reduce && reduce.Domain.Rank > 2 && reduce.Output.IsIdentity(reduce.Domain.Rank - 1) ? Rewritten(reduce, sums) ?? node : node;
        });
    }

    private static Node? Rewritten(ReduceNode reduce, Dictionary<Node, List<(ContractNode Sum, int Operand)>> sums)
    {
        if (ProductOf(reduce.Body, reduce.Operands, reduce.Domain) is not { } terms) return null;
        foreach (var product in terms.Factors.OfType<ContractNode>().Where(product => product.Shape == reduce.Domain))
        {
            for (var operand = 0; operand < 2; operand++)
            {
                if (!sums.TryGetValue(product.Operands[1 - operand].Node, out var known)) continue;
                foreach (var (sum, matrix) in known.Where(known => known.Sum != product))
                {
                    var read = sum.Operands[matrix];
                    if (read.Node.Shape != reduce.Domain || ProductOf(Input(0), [Operand.Whole(read.Node)], reduce.Domain) is not { } weights) continue;
                    if (weights.With(product) is not { } both || !both.SameAs(terms)) continue;
                    if (Build(reduce, product, operand, sum, matrix, terms.Sign * weights.Sign) is { } rewritten) return rewritten;
                }
            }
        }

        return null;
    }

    /// <summary>Returns the sum over the product's terms, if both products read the common operand in the same way.</summary>
    private static Node? Build(ReduceNode reduce, ContractNode product, int operand, ContractNode sum, int matrix, double sign)
    {
        // The axes of the matrices, followed by the axis of the product's terms, which the sum keeps.
        var rank = reduce.Domain.Rank;
        if (Positions(product, product.Output) is not { } ofProduct || Positions(sum, sum.Operands[matrix].Map) is not { } ofSum) return null;
        if (Renamed(product.Operands[1 - operand].Map, ofProduct) != Renamed(sum.Operands[1 - matrix].Map, ofSum)) return null;
        var (factor, result) = (Renamed(product.Operands[operand].Map, ofProduct), Renamed(sum.Output, ofSum));
        if (Reads(factor, rank - 1) || Reads(result, rank - 1) || result.Coordinates.Any(coordinate => coordinate.Axis < 0)) return null;
        if (!Enumerable.Range(0, rank + 1).All(axis => axis == rank - 1 || Reads(result, axis))) return null;

        // The rows without their columns, and the terms.
        var terms = product.Domain[Array.IndexOf(ofProduct, rank)];
        int[] behind = [.. Enumerable.Range(0, rank + 1).Select(axis => axis == rank ? rank - 1 : axis)];
        var body = Multiply(Input(0), Input(1));
        return GraphBuilder.ReduceLast(
            reduce.Name, ReduceOp.Sum, reduce.Domain.WithLast(terms), sign < 0 ? Negate(body) : body,
            product.Operands[operand] with { Map = Renamed(factor, behind) }, new Operand(sum, Renamed(result, behind)));
    }

    private static bool Reads(IndexMap map, int axis) => map.Coordinates.Any(coordinate => coordinate.Terms.Any(term => term.Axis == axis));

    /// <summary>Returns, for each axis of a product's domain, the axis of its matrices that it is, or the one after them; null if there is not exactly one after them.</summary>
    private static int[]? Positions(ContractNode product, IndexMap matrix)
    {
        if (matrix.Coordinates.Any(coordinate => coordinate.Axis < 0) || product.Domain.Rank != matrix.Rank + 1) return null;
        var axes = matrix.Coordinates.Select(coordinate => coordinate.Axis).ToList();
        if (axes.Distinct().Count() != axes.Count) return null;
        return [.. Enumerable.Range(0, product.Domain.Rank).Select(axis => axes.IndexOf(axis) is >= 0 and var position ? position : matrix.Rank)];
    }

    /// <summary>Returns a map with other indices for the axes that it reads.</summary>
    private static IndexMap Renamed(IndexMap map, int[] axes) => new(map.Coordinates.Select(coordinate => coordinate with
    {
        Terms = coordinate.Terms.Select(term => term with { Axis = axes[term.Axis] }).OrderBy(term => term.Axis).ToEquatableArray(),
    }).ToEquatableArray());

    /// <summary>Returns an expression over a shape as a product of values that are read element by element, under conditions; null if it is not such a product.</summary>
    private static Product? ProductOf(Expr body, IReadOnlyList<Operand> operands, Shape shape)
    {
        switch (body)
        {
            case Constant { Value: not 0 } constant:
                return new Product(Math.Sign(constant.Value), Math.Abs(constant.Value), [], []);
            case Leaf leaf when operands[leaf.Input] is var operand && operand.Map.IsIdentity(shape.Rank) && operand.Node.Shape == shape:
                return operand.Node is MapNode map && ProductOf(map.Body, map.Operands, shape) is { } inner ? inner : new Product(1, 1, [operand.Node], []);
            case Apply { Op: ScalarOp.Negate } negation when ProductOf(negation.Args[0], operands, shape) is { } product:
                return product with { Sign = -product.Sign };
            case Apply { Op: ScalarOp.Multiply } multiplication when ProductOf(multiplication.Args[0], operands, shape) is { } left && ProductOf(multiplication.Args[1], operands, shape) is { } right:
                return new Product(left.Sign * right.Sign, left.Scale * right.Scale, [.. left.Factors, .. right.Factors], [.. left.Conditions, .. right.Conditions]);
            case Apply { Op: ScalarOp.Select } choice when choice.Args[1] is Constant { Value: 0 } && ProductOf(choice.Args[2], operands, shape) is { } otherwise:
                return otherwise with { Conditions = [.. otherwise.Conditions, Condition(choice.Args[0], false)] };
            case Apply { Op: ScalarOp.Select } choice when choice.Args[2] is Constant { Value: 0 } && ProductOf(choice.Args[1], operands, shape) is { } then:
                return then with { Conditions = [.. then.Conditions, Condition(choice.Args[0], true)] };
            default:
                return null;
        }

        // A condition contains the nodes that it reads, because operands of two maps have different indices.
        (Expr, bool, EquatableArray<Operand>) Condition(Expr condition, bool holds)
        {
            var inputs = ExprWalk.Inputs(condition).ToList();
            var leaves = Enumerable.Range(0, operands.Count).Select(input => Input(Math.Max(0, inputs.IndexOf(input)))).ToArray();
            return (ExprWalk.Substitute(condition, leaves), holds, inputs.Select(input => operands[input]).ToEquatableArray());
        }
    }

    /// <summary>A product.</summary>
    /// <param name="Sign">1 or −1.</param>
    /// <param name="Scale">The product of its literals, without their signs.</param>
    /// <param name="Factors">Its other factors.</param>
    /// <param name="Conditions">If any of them does not hold, the product is 0.</param>
    private sealed record Product(double Sign, double Scale, IReadOnlyList<Node> Factors, IReadOnlyList<(Expr Condition, bool Holds, EquatableArray<Operand> Operands)> Conditions)
    {
        public Product? With(Node factor) => this with { Factors = [.. Factors, factor] };

        /// <summary>Whether two products are equal except for the sign.</summary>
        public bool SameAs(Product other) => Scale == other.Scale && Factors.Count == other.Factors.Count
            && Factors.All(factor => Factors.Count(one => one == factor) == other.Factors.Count(one => one == factor))
            && new HashSet<(Expr, bool, EquatableArray<Operand>)>(Conditions).SetEquals(other.Conditions);
    }
}
