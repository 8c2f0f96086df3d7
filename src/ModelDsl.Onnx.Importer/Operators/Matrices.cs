using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer.Operators;

/// <summary>Products of matrices. A product with a constant matrix is a dense layer.</summary>
internal static class Matrices
{
    public static IEnumerable<KeyValuePair<string, Action<Node>>> Converters => [new("Gemm", Gemm), new("MatMul", MatMul), new(Recognize.Recognized.Dense, Dense)];

    private static void MatMul(Node node) => node.Set(0, Product(node, node.Input(0), node.Input(1), null));

    private static void Dense(Node node)
    {
        var (right, bias) = (node.Input(1), node.Constant(2));

        // The shape of a matrix that is computed during the import is not known where the pattern is found.
        var isBias = right.Rank == 2 && (bias.Count == 1 || bias.Count == right.Shape[1]);
        var product = Product(node, node.Input(0), right, isBias ? bias : null);
        node.Set(0, isBias ? product : Arithmetic.Add(node, product, bias));
    }

    private static void Gemm(Node node)
    {
        var (left, right) = (TransposedIf(node, node.Input(0), "transA"), TransposedIf(node, node.Input(1), "transB"));
        var (alpha, beta) = (node.Float("alpha", 1), node.Float("beta", 1));
        var addend = node.Has(2) && beta != 0 ? node.Input(2) : null;
        if (right is Constant matrix && alpha != 1) right = Scaled(matrix, alpha);
        if (addend is Constant bias && beta != 1) addend = Scaled(bias, beta);
        var isBias = right is Constant && addend is Constant vector && vector.Rank <= 2 && (vector.Rank < 2 || vector.Shape[0] == 1) && (vector.Count == 1 || vector.Count == right.Shape[^1]);
        var product = Product(node, left, right, isBias ? (Constant)addend! : null);
        if (right is not Constant && alpha != 1) product = Arithmetic.Multiply(node, product, Arithmetic.Number(alpha));
        if (addend is null || isBias)
        {
            node.Set(0, product);
            return;
        }

        if (addend is Tensor && beta != 1) addend = Arithmetic.Multiply(node, addend, Arithmetic.Number(beta));
        node.Set(0, Arithmetic.Add(node, product, addend));
    }

    /// <summary>The product of two values of which at least one is a tensor.</summary>
    public static Tensor Product(Node node, Value left, Value right, Constant? bias)
    {
        if (left.Rank == 1) return Movements.WithoutAxes(Product(node, Movements.WithAxes(left, [0]), right, bias), [Math.Max(0, right.Rank - 2)]);
        if (right.Rank == 1)
        {
            var product = Product(node, left, Movements.WithAxes(right, [1]), bias);
            return Movements.WithoutAxes(product, [product.Rank - 1]);
        }

        node.Check(left.Shape[^1] == right.Shape[^2], $"the shapes {Sizes.Text(left.Shape)} and {Sizes.Text(right.Shape)} do not match.");
        if (right is Constant constant && Sizes.Product(constant.Shape[..^2]) == 1)
        {
            var input = AsTensor(node, left).WithRank(Math.Max(left.Rank, right.Rank));
            return Layer(node, input, input.Rank - 1, constant.WithShape(constant.Shape[^2..]), bias);
        }

        if (left is Constant matrix && Sizes.Product(matrix.Shape[..^2]) == 1)
        {
            var input = AsTensor(node, right).WithRank(Math.Max(left.Rank, right.Rank));
            return Layer(node, input, input.Rank - 2, matrix.WithShape(matrix.Shape[^2..]).Transposed([1, 0]), null);
        }

        return Each(node, left, right);
    }

    /// <summary>A dense layer along an axis.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The input.</param>
    /// <param name="axis">The axis that is summed over.</param>
    /// <param name="matrix">The matrix [in, out].</param>
    /// <param name="bias">The bias.</param>
    /// <param name="isFrozen">Whether the weight is not trained.</param>
    public static Tensor Layer(Node node, Tensor input, int axis, Constant matrix, Constant? bias, bool isFrozen = false)
    {
        node.Require(axis != input.BatchAxis, "it would sum over the samples.");
        var units = matrix.Shape[1];
        var transposed = matrix.Transposed([1, 0]);
        var source = input.WithLast(axis);
        var (code, axes) = (source.Code, source.Axes);
        if (source.Unflattened is { } apart)
        {
            int[] order = [.. apart.Axes, .. apart.SampleAxes.Where(other => !apart.Axes.Contains(other))];
            transposed = InOrder(transposed, apart, order);
            code = apart.Axes.Length > 1 ? Code.Call(apart.Code, "Flatten()") : apart.Code;
        }

        var shape = (long[])input.Shape.Clone();
        shape[axis] = units;
        WeightTensor[] weights = [new("weight", transposed.Shape, () => transposed.All()), .. bias is null ? Array.Empty<WeightTensor>() : [Biases.Vector(node, bias, "bias", units)]];
        var call = $"Dense({units}{(bias is null ? ", useBias: false" : "")}{(isFrozen ? ", frozen: true" : "")}";
        return new(shape, input.BatchAxis, axes, node.Layer(code, call, [matrix], weights));
    }

    /// <summary>Returns the weight [out, in] with its columns in the order of the input's expression.</summary>
    private static Constant InOrder(Constant weight, Tensor input, int[] order)
    {
        int[] axes = [.. input.SampleAxes];
        long[] sizes = [weight.Shape[0], .. axes.Select(axis => input.Shape[axis])];
        int[] moved = [0, .. order.Select(axis => Array.IndexOf(axes, axis) + 1)];
        return weight.WithShape(sizes).Transposed(moved).WithShape(weight.Shape);
    }

    /// <summary>A product of matrices for each sample, and for each index of the axes before the last two.</summary>
    private static Tensor Each(Node node, Value left, Value right)
    {
        var rank = Math.Max(left.Rank, right.Rank);
        long[] lead = Broadcasts.Shape(node, left.Shape[..^2], right.Shape[..^2]);
        var batch = (left as Tensor ?? (Tensor)right).WithRank(rank).BatchAxis;
        node.Require(batch < rank - 2, "the samples are rows or columns of both matrices.");
        int[] before = [.. Enumerable.Range(0, rank - 2).Where(axis => axis != batch && lead[axis] != 1)];
        int[] order = [.. before, rank - 2, rank - 1];
        var (a, b) = (Operand(left), Operand(right));
        return new([.. lead, left.Shape[^2], right.Shape[^1]], batch, order, new Code("{0}.MatMul({1})", Precedence.Primary, a, b));

        Code Operand(Value value)
        {
            long[] shape = [.. lead, .. value.Shape[^2..]];
            if (value is Tensor tensor)
            {
                var own = AsTensor(node, tensor).WithRank(rank);
                node.Require(own.BatchAxis == batch, "the samples are different axes of the two matrices.");
                if (!own.Shape.SequenceEqual(shape)) own = Movements.Expanded(node, own, shape);
                return own.Arranged(order).Code;
            }

            var constant = ((Constant)value).WithRank(rank);
            node.Require(order.All(axis => constant.Shape[axis] == shape[axis]) && (batch < 0 || constant.Shape[batch] == 1), $"a constant of shape {Sizes.Text(value.Shape)} is not supported as one side of this product.");
            long[] sizes = [.. order.Select(axis => constant.Shape[axis])];
            return new Code($"{{0}} + Tensor.Zeros({string.Join(", ", sizes)})", Precedence.Sum, node.Scope.Weight(constant.WithShape(sizes), node));
        }
    }

    private static Tensor AsTensor(Node node, Value value) => value as Tensor is { Kind: not ElementKind.Token } tensor ? tensor : throw node.Unsupported("it multiplies ids of tokens, or constants.");

    private static Value TransposedIf(Node node, Value value, string attribute) => node.Int(attribute, 0) == 0 ? value : Movements.Transposed(value, [1, 0]);

    private static Constant Scaled(Constant constant, double factor) => Constant.Of(constant.Shape, () => [.. constant.Floats.Select(value => (float)(value * factor))], constant.Source, constant.IsTrained);
}
