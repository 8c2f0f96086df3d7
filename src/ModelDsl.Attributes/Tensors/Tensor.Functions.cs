namespace ModelDsl;

/// <content>Functions of each element, sums, and functions that combine tensors.</content>
public sealed partial class Tensor
{
    /// <summary>eˣ of each element.</summary>
    public Tensor Exp() => None<Tensor>();

    /// <summary>The natural logarithm of each element.</summary>
    public Tensor Log() => None<Tensor>();

    /// <summary>The square root of each element.</summary>
    public Tensor Sqrt() => None<Tensor>();

    /// <summary>x² of each element.</summary>
    public Tensor Square() => None<Tensor>();

    /// <summary>|x| of each element; the derivative at 0 is 0.</summary>
    public Tensor Abs() => None<Tensor>();

    /// <summary>The sine of each element.</summary>
    public Tensor Sin() => None<Tensor>();

    /// <summary>The cosine of each element.</summary>
    public Tensor Cos() => None<Tensor>();

    /// <summary>The sum of all values of a sample: <c>[N, …]</c> → <c>[N, 1]</c>.</summary>
    public Tensor Sum() => None<Tensor>();

    /// <summary>The sum along one axis, which is removed: <c>[N, T, width]</c> → <c>[N, T]</c>. If it is the only axis, the result is <c>[N, 1]</c>.</summary>
    /// <param name="axis">The axis, counted from 0 without the batch axis; −1 is the last.</param>
    public Tensor Sum(int axis) => None<Tensor>();

    /// <summary>The mean of all values of a sample: <c>[N, …]</c> → <c>[N, 1]</c>.</summary>
    public Tensor Mean() => None<Tensor>();

    /// <summary>The mean along one axis, which is removed: <c>[N, T, width]</c> → <c>[N, T]</c>. If it is the only axis, the result is <c>[N, 1]</c>.</summary>
    /// <param name="axis">The axis, counted from 0 without the batch axis; −1 is the last.</param>
    public Tensor Mean(int axis) => None<Tensor>();

    /// <summary>
    /// Concatenates tensors along the last axis; all other axes are equal: <c>[N, T, a]</c> and <c>[N, T, b]</c> give <c>[N, T, a + b]</c>.
    /// </summary>
    /// <param name="parts">One or more tensors.</param>
    public static Tensor Concat(params Tensor[] parts) => Never<Tensor>();

    /// <summary>Returns a range of the first axis of a sample, like <c>x[start..end]</c>: <c>[N, T, width]</c> → <c>[N, length, width]</c>.</summary>
    /// <param name="start">The first index, from 0.</param>
    /// <param name="length">The number of elements.</param>
    public Tensor Slice(int start, int length) => None<Tensor>();

    /// <summary>Returns a range of an axis: <c>[N, T, width]</c> → <c>[N, length, width]</c>.</summary>
    /// <param name="start">The first index, from 0.</param>
    /// <param name="length">The number of elements.</param>
    /// <param name="axis">The axis, counted from 0 without the batch axis; −1 is the last.</param>
    public Tensor Slice(int start, int length, int axis) => None<Tensor>();

    /// <summary>
    /// The matrix product along the last axis: <c>[N, …, k]</c> and a weight <c>[k, m]</c> give <c>[N, …, m]</c>; <c>[N, …, m, k]</c> and
    /// <c>[N, …, k, p]</c> give <c>[N, …, m, p]</c>.
    /// </summary>
    /// <param name="other">The right factor.</param>
    public Tensor MatMul(Tensor other) => None<Tensor>();

    /// <summary>Exchanges the last two axes: <c>[N, …, a, b]</c> → <c>[N, …, b, a]</c>.</summary>
    public Tensor Transpose() => None<Tensor>();

    /// <summary>Puts the axes of a sample into another order: axis i of the result is axis <c>axes[i]</c> of this tensor. <c>x.Transpose(2, 0, 1)</c>: <c>[N, a, b, c]</c> → <c>[N, c, a, b]</c>.</summary>
    /// <param name="axes">The axes in their new order, each once, counted from 0 without the batch axis.</param>
    public Tensor Transpose(params int[] axes) => None<Tensor>();

    /// <summary>Returns the rows of this weight <c>[vocabulary, width]</c> for token ids: <c>[N, T]</c> → <c>[N, T, width]</c>.</summary>
    /// <param name="ids">The token ids, each less than the number of rows.</param>
    public Tensor Gather(Tensor ids) => None<Tensor>();

    /// <summary>
    /// Returns noise: independent normal numbers with mean 0 and variance 1, different in each step. They depend only on the model's seed, the step, the
    /// sample's index in the batch and the element. For training only: predictions cannot use it.
    /// </summary>
    /// <param name="like">A tensor with the shape of the result.</param>
    public static Tensor Normal(Tensor like) => Never<Tensor>();

    /// <summary>Returns this value as a constant for differentiation: no gradient flows through it to the values before it.</summary>
    public Tensor StopGradient() => None<Tensor>();
}
