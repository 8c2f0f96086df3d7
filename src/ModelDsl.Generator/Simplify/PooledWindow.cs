using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Simplify;

/// <summary>A maximum over windows, and the position of the first element of each that is equal to it.</summary>
/// <param name="Maximum">The maximum.</param>
/// <param name="Elements">The values of the windows.</param>
/// <param name="Position">The index of an element within its window, over the axes of the maximum's domain.</param>
internal sealed record PooledWindow(ReduceNode Maximum, Operand Elements, Expr Position)
{
    /// <summary>Returns the window for a node that is the position of its maximum, or null.</summary>
    public static PooledWindow? Of(Node node) =>
        node is ReduceNode { Op: ReduceOp.ArgMax, Body: Leaf element } position
            ? new PooledWindow(position.MaximumOfTerms(), position.Operands[element.Input], StableForms.Simplify(position.Position))
            : null;

    /// <summary>Whether a map reads the position, and the element at a position of the same window.</summary>
    public bool IsElement(MapNode map, Operand element, Operand position, Expr expected)
    {
        if (element.Node != Elements.Node) return false;
        var axes = Kept(position);
        for (var k = 0; k < Elements.Map.Rank; k++)
        {
            foreach (var term in Elements.Map[k].Terms.Where(term => axes[term.Axis] < 0))
            {
                var others = element.Map[k].Terms.Where(other => other.Scale == term.Scale && !axes.Contains(other.Axis)).ToArray();
                if (others.Length == 1) axes[term.Axis] = others[0].Axis;
            }
        }

        return Are(axes, map, position, expected) && Elements.Map.After(IndexMap.Project(axes)) == element.Map;
    }

    /// <summary>Whether the domain of a map is all positions of the same windows.</summary>
    public bool IsPosition(MapNode map, Operand position, Expr expected)
    {
        var axes = Kept(position);
        var others = new Queue<int>(Enumerable.Range(0, map.Domain.Rank).Except(axes));
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (axes[axis] < 0 && others.Count > 0) axes[axis] = others.Dequeue();
        }

        return others.Count == 0 && Are(axes, map, position, expected);
    }

    /// <summary>Returns, for each axis of the windows' domain, the axis of the map that the position determines, or −1.</summary>
    private int[] Kept(Operand position)
    {
        var axes = Enumerable.Repeat(-1, Maximum.Domain.Rank).ToArray();
        for (var k = 0; k < Maximum.Output.Rank; k++)
        {
            if (Maximum.Output[k].Axis >= 0) axes[Maximum.Output[k].Axis] = position.Map[k].Axis;
        }

        return axes;
    }

    /// <summary>Whether the map's axes are those of the windows, each once, and positions have the same indices.</summary>
    private bool Are(int[] axes, MapNode map, Operand position, Expr expected) =>
        axes.Distinct().Count() == axes.Length
        && Enumerable.Range(0, axes.Length).All(axis => axes[axis] >= 0 && map.Domain[axes[axis]] == Maximum.Domain[axis])
        && Maximum.Output.After(IndexMap.Project(axes)) == position.Map
        && ExprWalk.Substitute(Position, [], axis => Index(axes[axis])) == expected;
}
