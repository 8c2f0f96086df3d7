namespace ModelDsl;

/// <content>
/// Constants: numbers that are known when the model is compiled. Like a weight they have no batch axis and are the same for all samples. They are not trained, and are neither
/// parameters of the model nor in its files.
/// </content>
public sealed partial class Tensor
{
    /// <summary>Returns a tensor with the same number in every element: <c>[shape…]</c>. It needs no memory.</summary>
    /// <param name="value">The number.</param>
    /// <param name="shape">One or more positive sizes.</param>
    public static Tensor Constant(double value, params int[] shape) => Never<Tensor>();

    /// <summary>Returns a tensor of the given numbers in row-major order: <c>[shape…]</c>, which the model stores once.</summary>
    /// <param name="values">The numbers, one for each element of the shape, known when the model is compiled.</param>
    /// <param name="shape">One or more positive sizes; if omitted, the number of values.</param>
    public static Tensor Constant(double[] values, params int[] shape) => Never<Tensor>();

    /// <summary>Returns a tensor <c>[length]</c> of numbers by a formula, which are computed in double precision when the model is compiled; the model stores them once.</summary>
    /// <param name="formula">The formula for the element at an index, as a lambda expression.</param>
    /// <param name="length">The number of elements.</param>
    /// <example>
    /// <code>
    /// var window = Tensor.Constant(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / 256), 256);
    /// </code>
    /// </example>
    public static Tensor Constant(Func<int, double> formula, int length) => Never<Tensor>();

    /// <summary>Returns a tensor <c>[rows, columns]</c> of numbers by a formula, which are computed in double precision when the model is compiled; the model stores them once.</summary>
    /// <param name="formula">The formula for the element in a row and a column, as a lambda expression.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <example>
    /// The cosines of a rotary embedding (Su et al., 2021):
    /// <code>
    /// var cosines = Tensor.Constant((t, i) => Math.Cos(t / Math.Pow(10_000, 2.0 * i / width)), x.Length, width / 2);
    /// </code>
    /// </example>
    public static Tensor Constant(Func<int, int, double> formula, int rows, int columns) => Never<Tensor>();

    /// <summary>
    /// Returns the mask of causal attention, <c>[length, length]</c>: 1 where the column is not greater than the row, otherwise 0. Use it in <see cref="Softmax(Tensor, string)"/>
    /// of scores with a row for each query and a column for each key. It needs no memory.
    /// </summary>
    /// <param name="length">The number of positions, positive.</param>
    public static Tensor CausalMask(int length) => Never<Tensor>();

    /// <summary>
    /// The softmax over the elements of the last axis that a mask selects: <c>exp(xᵢ) / Σ exp(xⱼ)</c> over the j whose mask is not 0. All other results are 0,
    /// and so are their gradients; if the mask selects no element, all results are 0.
    /// </summary>
    /// <param name="mask">Not 0 for the elements to select; in the shape of this tensor, or broadcast to it.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Softmax(Tensor mask, string name = "") => None<Tensor>();
}
