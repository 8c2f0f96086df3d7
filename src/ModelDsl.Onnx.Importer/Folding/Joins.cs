using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Folding;

/// <summary>Concatenation, and its reverse.</summary>
internal static class Joins
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Folds => [new("Concat", Concat), new("Split", Split)];

    private static void Concat(Node node)
    {
        Constant[] parts = [.. Enumerable.Range(0, node.Inputs.Count).Select(node.Constant)];
        var axis = node.Axis(node.Int("axis", 0), parts[0].Rank);
        var shape = (long[])parts[0].Shape.Clone();
        node.Check(parts.All(part => part.Rank == shape.Length && Enumerable.Range(0, shape.Length).All(other => other == axis || part.Shape[other] == shape[other])), "the shapes of its inputs do not match.");
        shape[axis] = parts.Sum(part => part.Shape[axis]);
        var count = Folder.Count(node, shape);
        var inner = Sizes.Product(shape[(axis + 1)..]);
        if (Array.TrueForAll(parts, part => part.IsInteger)) node.Set(0, Constant.Of(shape, Joined((part, index) => part.Integer(index)), node.Name));
        else node.Set(0, Constant.Of(shape, Joined((part, index) => part.Float(index)), node.Name, parts.Any(part => part.IsTrained)));

        T[] Joined<T>(Func<Constant, long, T> element)
        {
            var result = new T[count];
            var start = 0L;
            foreach (var part in parts)
            {
                var row = part.Shape[axis] * inner;
                for (var i = 0L; i < part.Count; i++)
                    result[(i / row * shape[axis] * inner) + (start * inner) + (i % row)] = element(part, i);
                start += part.Shape[axis];
            }

            return result;
        }
    }

    private static void Split(Node node)
    {
        var input = node.Constant(0);
        var axis = node.Axis(node.Int("axis", 0), input.Rank);
        var lengths = Movements.Parts(node, input, axis);
        var start = 0L;
        for (var part = 0; part < lengths.Length; part++)
        {
            long[] indices = new long[Folder.Count(node, [lengths[part]])];
            for (var i = 0; i < indices.Length; i++) indices[i] = start + i;
            node.Set(part, MovementFolds.Along(node, input, axis, indices));
            start += lengths[part];
        }
    }
}
