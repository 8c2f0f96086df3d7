namespace ModelDsl;

/// <content>Functions of each element, sums, and putting together.</content>
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

    /// <summary>The sum along one axis, which is dropped: <c>[N, T, width]</c> → <c>[N, T]</c>. The only axis becomes 1.</summary>
    /// <param name="axis">The axis, counted from 0 without the batch axis; −1 is the last.</param>
    public Tensor Sum(int axis) => None<Tensor>();

    /// <summary>The mean of all values of a sample: <c>[N, …]</c> → <c>[N, 1]</c>.</summary>
    public Tensor Mean() => None<Tensor>();

    /// <summary>The mean along one axis, which is dropped: <c>[N, T, width]</c> → <c>[N, T]</c>. The only axis becomes 1.</summary>
    /// <param name="axis">The axis, counted from 0 without the batch axis; −1 is the last.</param>
    public Tensor Mean(int axis) => None<Tensor>();

    /// <summary>
    /// Side by side along the last axis; all other axes agree: <c>[N, T, a]</c> and <c>[N, T, b]</c> give <c>[N, T, a + b]</c>.
    /// </summary>
    /// <param name="parts">One or more tensors.</param>
    public static Tensor Concat(params Tensor[] parts) => Never<Tensor>();

    /// <summary>A part of the first axis of a sample, as <c>x[start..end]</c>: <c>[N, T, width]</c> → <c>[N, length, width]</c>.</summary>
    /// <param name="start">Where it begins, from 0.</param>
    /// <param name="length">How much it is.</param>
    public Tensor Slice(int start, int length) => None<Tensor>();

    /// <summary>A part of an axis: <c>[N, T, width]</c> → <c>[N, length, width]</c>.</summary>
    /// <param name="start">Where it begins, from 0.</param>
    /// <param name="length">How much it is.</param>
    /// <param name="axis">The axis, counted from 0 without the batch axis; −1 is the last.</param>
    public Tensor Slice(int start, int length, int axis) => None<Tensor>();

    /// <summary>
    /// The matrix product along the last axis: <c>[N, …, k]</c> and a weight <c>[k, m]</c> give <c>[N, …, m]</c>; <c>[N, …, m, k]</c> and
    /// <c>[N, …, k, p]</c> give <c>[N, …, m, p]</c>.
    /// </summary>
    /// <param name="other">The right factor.</param>
    public Tensor MatMul(Tensor other) => None<Tensor>();

    /// <summary>The last two axes changed for one another: <c>[N, …, a, b]</c> → <c>[N, …, b, a]</c>.</summary>
    public Tensor Transpose() => None<Tensor>();

    /// <summary>The rows of this weight <c>[vocabulary, width]</c> that token ids name: <c>[N, T]</c> → <c>[N, T, width]</c>.</summary>
    /// <param name="ids">Token ids, each below the number of rows.</param>
    public Tensor Gather(Tensor ids) => None<Tensor>();

    /// <summary>
    /// Noise: independent normal numbers with mean 0 and variance 1, other ones in each step. They depend on the model's seed, the step, the
    /// sample's index in the batch and the element alone. For training only: predictions do not draw.
    /// </summary>
    /// <param name="like">The result has its shape.</param>
    public static Tensor Normal(Tensor like) => Never<Tensor>();

    /// <summary>This value, seen by differentiation as a constant: nothing before it is trained through it.</summary>
    public Tensor StopGradient() => None<Tensor>();
}
