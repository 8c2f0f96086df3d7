using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Memory;

/// <summary>
/// How the loops of a reader access an operand: the element for index j of the domain is at <c>Base + Σ Strides[k] · j_k</c> in the buffer. The strides include
/// views and reshapes.
/// </summary>
/// <param name="Storage">The buffer.</param>
/// <param name="Base">The constant part of the position.</param>
/// <param name="Strides">One stride per axis of the domain; 0 for an axis that the operand does not depend on.</param>
internal sealed record Access(Storage Storage, int Base, IReadOnlyList<int> Strides)
{
    /// <summary>Returns the access of an operand over a domain of the given rank.</summary>
    public static Access Of(Operand operand, int rank, Func<Node, Storage> storageOf)
    {
        var (node, map) = (operand.Node, operand.Map);
        while (node is ViewNode or StopGradientNode or AfterNode)
        {
            map = node.Operands[0].Map.After(map);
            node = node.Operands[0].Node;
        }

        var shape = node.Shape;
        var isReshaped = node is ReshapeNode;
        while (node is ReshapeNode or AfterNode) node = node.Operands[0].Node;
        var storage = storageOf(node);
        if (storage.Layout is not Strided layout)
        {
            throw new NotSupportedException($"'{node.Name}' lies in panels and can only be read by a contraction.");
        }

        if (!isReshaped) return Linear(storage, layout, map, rank);
        return layout.Reshaped(node.Shape, shape) is { } reshaped
            ? Linear(storage, reshaped, map, rank)
            : throw new NotSupportedException($"'{node.Name}' has gaps between its elements and cannot be reshaped in place.");
    }

    private static Access Linear(Storage storage, Strided layout, IndexMap map, int rank)
    {
        var strides = new int[rank];
        var start = layout.Base;
        for (var k = 0; k < map.Rank; k++)
        {
            start += layout.Strides[k] * map[k].Offset;
            foreach (var term in map[k].Terms) strides[term.Axis] += layout.Strides[k] * term.Scale;
        }

        return new Access(storage, start, strides);
    }
}
