namespace ModelDsl;

/// <content>
/// Constants: numbers that are known when the network is compiled. Like a weight they have no batch axis and serve all samples; they are not trained, not
/// among the model's parameters and not in its files.
/// </content>
public sealed partial class Tensor
{
    /// <summary>One number in every element: <c>[shape…]</c>. It takes no memory.</summary>
    /// <param name="value">The number.</param>
    /// <param name="shape">One or more positive sizes.</param>
    public static Tensor Constant(double value, params int[] shape) => Never<Tensor>();

    /// <summary>Numbers in row-major order: <c>[shape…]</c>, stored once for the model.</summary>
    /// <param name="values">As many numbers as the shape has elements, known when the network is compiled.</param>
    /// <param name="shape">One or more positive sizes; left out, it is the number of values.</param>
    public static Tensor Constant(double[] values, params int[] shape) => Never<Tensor>();

    /// <summary>Numbers <c>[length]</c> by a formula, computed in double precision when the network is compiled, and stored once for the model.</summary>
    /// <param name="formula">The element at an index, a lambda expression.</param>
    /// <param name="length">The number of elements.</param>
    /// <example>
    /// <code>
    /// var window = Tensor.Constant(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / 256), 256);
    /// </code>
    /// </example>
    public static Tensor Constant(Func<int, double> formula, int length) => Never<Tensor>();

    /// <summary>Numbers <c>[rows, columns]</c> by a formula, computed in double precision when the network is compiled, and stored once for the model.</summary>
    /// <param name="formula">The element at a row and a column, a lambda expression.</param>
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
    /// The mask of causal attention, <c>[length, length]</c>: 1 where the column is at most the row, 0 above the diagonal. For <see cref="Softmax(Tensor, string)"/>
    /// of scores with a row for each query and a column for each key. It takes no memory.
    /// </summary>
    /// <param name="length">The number of positions, positive.</param>
    public static Tensor CausalMask(int length) => Never<Tensor>();

    /// <summary>
    /// The softmax over those elements of the last axis that a mask lets count: <c>exp(xᵢ) / Σ exp(xⱼ)</c> over the j with a mask other than 0. All others are 0,
    /// and so are their gradients; where nothing counts, everything is 0.
    /// </summary>
    /// <param name="mask">Other than 0 for what counts; of this shape, or repeated along axes it lacks or has one element of.</param>
    /// <param name="name">The layer's name.</param>
    public Tensor Softmax(Tensor mask, string name = "") => None<Tensor>();
}
