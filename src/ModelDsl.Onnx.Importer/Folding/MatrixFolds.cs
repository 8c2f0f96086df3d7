using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Onnx.Importer.Values;

namespace ModelDsl.Onnx.Importer.Folding;

/// <summary>Products of constant matrices, and products of sizes.</summary>
internal static class MatrixFolds
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Folds => [new("ReduceProd", Product), new("MatMul", MatMul)];

    private static void Product(Node node)
    {
        var input = node.Constant(0);
        node.Require(input.Rank == 1 && input.IsInteger, "products of constants are supported for lists of whole numbers.");
        var product = node.Integers(0)!.Aggregate(1L, (all, size) => checked(all * size));
        node.Set(0, Constant.Of(node.Int("keepdims", 1) == 1 ? [1] : [], [product]));
    }

    private static void MatMul(Node node)
    {
        var (a, b) = (node.Constant(0), node.Constant(1));
        node.Require(a.Rank == 2 && b.Rank == 2, "products of constants are supported for matrices.");
        node.Check(a.Shape[1] == b.Shape[0], $"the shapes {Sizes.Text(a.Shape)} and {Sizes.Text(b.Shape)} do not match.");
        var (rows, columns, terms) = (a.Shape[0], b.Shape[1], a.Shape[1]);
        var result = new float[Folder.Count(node, [rows, columns])];
        node.Require((double)rows * columns * terms < 1e10, "the product is too large to be computed while the project is built.");
        for (var i = 0L; i < rows; i++)
        {
            for (var j = 0L; j < columns; j++)
            {
                var sum = 0.0;
                for (var k = 0L; k < terms; k++) sum += (double)a.Float((i * terms) + k) * b.Float((k * columns) + j);
                result[(i * columns) + j] = (float)sum;
            }
        }

        node.Set(0, Constant.Of([rows, columns], result, node.Name, a.IsTrained || b.IsTrained));
    }
}
