using ModelDsl.Compiled;

namespace ModelDsl.Onnx.Export;

/// <summary>Finds what values are computed from.</summary>
internal static class Needs
{
    /// <summary>Returns the nodes that some nodes need, readers before their operands.</summary>
    public static IEnumerable<int> Needed(this GraphDescription description, IEnumerable<int> roots)
    {
        var isNeeded = new bool[description.Nodes.Length];
        foreach (var root in roots)
            isNeeded[root] = true;
        for (var number = isNeeded.Length - 1; number >= 0; number--)
        {
            if (!isNeeded[number])
                continue;
            foreach (var operand in description.Nodes[number].Operands)
                isNeeded[operand.Node] = true;
            yield return number;
        }
    }
}
