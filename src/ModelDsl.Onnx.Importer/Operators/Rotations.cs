using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>
/// RotaryEmbedding, since opset 23: (a · cos − b · sin, b · cos + a · sin) of pairs of values (a, b). It becomes the layer if the tables are those of the layer, and otherwise slices, products and their concatenation.
/// </summary>
internal static class Rotations
{
    private const double UsualBase = 10_000;

    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters => [new("RotaryEmbedding", Rotate)];

    private static void Rotate(Node node)
    {
        var given = node.Tensor(0);
        node.Check(given.Rank is 3 or 4, $"its input {Sizes.Text(given.Shape)} has {given.Rank} axes, but three or four are expected.");
        node.Check(given.Rank == 4 || node.HasAttribute("num_heads"), "it has no num_heads, which an input of three axes needs.");
        var input = Heads.Apart(node, given, node.Int("num_heads", 0));
        var (length, size) = (input.Shape[2], input.Shape[3]);
        var rotated = node.Int("rotary_embedding_dim", 0) is var dimension && dimension == 0 ? size : dimension;
        node.Check(rotated > 0 && rotated <= size && rotated % 2 == 0, $"{rotated} values of the {size} of a head are rotated, but an even number of them is expected.");
        var (cosines, sines) = (Table(node, 1, length, rotated / 2), Table(node, 2, length, rotated / 2));
        var isInterleaved = node.Int("interleaved", 0) == 1;
        var isLayer = !isInterleaved && rotated == size && (input.BatchAxis == 0 || (input.BatchAxis < 0 && input.Shape[0] == 1));
        var result = isLayer && cosines is Constant x && sines is Constant y && RotaryTables.BaseOf(x, y) is { } @base
            ? Layer(input, @base)
            : Pairs(node, input, cosines, sines, rotated, isInterleaved);
        node.Set(0, given.Rank == 4 ? result : Heads.Joined(node, result));
    }

    private static Tensor Layer(Tensor input, double @base)
    {
        int[] order = [2, 1, 3];
        return new(input.Shape, input.BatchAxis, order, Code.Call(input.Arranged(order).Code, $"RotaryEmbedding({(@base == UsualBase ? "" : Numbers.Text(@base))})"));
    }

    /// <summary>Returns the cosines or sines of the positions, [N or 1, 1, T, d/2]: the rows of a table that the positions select, or the input itself.</summary>
    private static Value Table(Node node, int input, long length, long half)
    {
        // A table is no weight that is trained, though it may be stored as one.
        Value given = node.Input(input) is Constant constant ? constant with { IsTrained = false } : node.Tensor(input);
        var rank = node.Has(3) ? 2 : 3;
        node.Check(given.Rank == rank && given.Shape[^1] == half, $"input {input} has the shape {Sizes.Text(given.Shape)}, but {rank} axes, the last of size {half}, are expected.");
        Value rows = !node.Has(3) ? given : node.Input(3) is Tensor ids ? Selections.Rows(node, given, ids, 0, isFrozen: true) : Selected(node, given);
        node.Check(rows.Shape[1] == length, $"there are {rows.Shape[1]} positions for the {length} of the input.");
        return Movements.WithAxes(rows, [1]);
    }

    private static Constant Selected(Node node, Value table)
    {
        var positions = node.Constant(3);
        node.Check(positions.Rank == 2, $"the positions have the shape {Sizes.Text(positions.Shape)}, but [N, T] is expected.");
        node.Require(positions.Shape[0] == 1 || positions.Uniform is not null, $"positions of shape {Sizes.Text(positions.Shape)} differ between the samples.");
        if (table is not Constant constant) throw node.Unsupported("positions that are known select rows of a table that the model computes.");
        long[] rows = [.. Enumerable.Range(0, Folding.Folder.Count(node, [positions.Shape[1]])).Select(index => positions.Integer(index))];
        return Folding.MovementFolds.Along(node, constant, 0, rows).WithShape([1, rows.Length, table.Shape[1]]);
    }

    private static Tensor Pairs(Node node, Tensor input, Value cosines, Value sines, long rotated, bool isInterleaved)
    {
        // The values of a pair are adjacent, or in two halves.
        var (half, axis) = (rotated / 2, isInterleaved ? 4 : 3);
        var first = Movements.Slice(node, input, 3, 0, rotated);
        if (isInterleaved)
        {
            first = Reshapes.Reshape(node, first, [.. input.Shape[..3], half, 2]);
            (cosines, sines) = (Movements.WithAxes(cosines, [4]), Movements.WithAxes(sines, [4]));
        }

        var count = isInterleaved ? 1 : half;
        var (a, b) = (Movements.Slice(node, first, axis, 0, count), Movements.Slice(node, first, axis, count, count));
        var result = Movements.Concatenated(
            node,
            [
                Arithmetic.Subtract(node, Arithmetic.Multiply(node, a, cosines), Arithmetic.Multiply(node, b, sines)),
                Arithmetic.Add(node, Arithmetic.Multiply(node, b, cosines), Arithmetic.Multiply(node, a, sines)),
            ],
            axis);
        if (isInterleaved) result = Reshapes.Reshape(node, result, [.. input.Shape[..3], rotated]);
        return rotated == input.Shape[3] ? result : Movements.Concatenated(node, [result, Movements.Slice(node, input, 3, rotated, input.Shape[3] - rotated)], 3);
    }
}
