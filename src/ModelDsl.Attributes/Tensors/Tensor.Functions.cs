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

    /// <summary>A part of an axis: <c>[N, T, width]</c> → <c>[N, length, width]</c>.</summary>
    /// <param name="start">Where it begins, from 0.</param>
    /// <param name="length">How much it is.</param>
    /// <param name="axis">The axis, counted from 0 without the batch axis; −1 is the last.</param>
    public Tensor Slice(int start, int length, int axis = 0) => None<Tensor>();

    /// <summary>This value, seen by differentiation as a constant: nothing before it is trained through it.</summary>
    public Tensor StopGradient() => None<Tensor>();
}
