using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>An instruction of a scalar expression.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Arguments">
/// The indices of the instructions that compute its operands. For <see cref="GraphScalarOperation.Input"/> the operand of the node, for <see cref="GraphScalarOperation.Index"/> the axis of
/// the domain.
/// </param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GraphScalar(GraphScalarOperation Operation, params int[] Arguments)
{
    /// <summary>Creates a constant.</summary>
    /// <param name="value">Its value.</param>
    public GraphScalar(double value)
        : this(GraphScalarOperation.Constant) => Value = value;

    /// <summary>The value of a constant.</summary>
    public double Value { get; }
}

/// <summary>The operations of scalar expressions.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum GraphScalarOperation
{
    /// <summary>The element of an operand.</summary>
    Input,

    /// <summary>A number.</summary>
    Constant,

    /// <summary>The index along an axis of the domain, as a number.</summary>
    Index,

    /// <summary>−x.</summary>
    Negate,

    /// <summary>|x|.</summary>
    Abs,

    /// <summary>√x.</summary>
    Sqrt,

    /// <summary>eˣ.</summary>
    Exp,

    /// <summary>The natural logarithm.</summary>
    Log,

    /// <summary>The sine.</summary>
    Sin,

    /// <summary>The cosine.</summary>
    Cos,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>log(1 + eˣ).</summary>
    Softplus,

    /// <summary>The error function.</summary>
    Erf,

    /// <summary>The largest integer that is not greater.</summary>
    Floor,

    /// <summary>The smallest integer that is not less.</summary>
    Ceiling,

    /// <summary>The nearest integer; the even one of two.</summary>
    Round,

    /// <summary>−1, 0 or 1.</summary>
    Sign,

    /// <summary>x + y.</summary>
    Add,

    /// <summary>x − y.</summary>
    Subtract,

    /// <summary>x · y.</summary>
    Multiply,

    /// <summary>x / y.</summary>
    Divide,

    /// <summary>The smaller number.</summary>
    Minimum,

    /// <summary>The larger number.</summary>
    Maximum,

    /// <summary>xʸ.</summary>
    Power,

    /// <summary>x &lt; y, a condition.</summary>
    Less,

    /// <summary>x ≤ y, a condition.</summary>
    LessOrEqual,

    /// <summary>x = y, a condition.</summary>
    Equal,

    /// <summary>Whether both conditions hold.</summary>
    And,

    /// <summary>Whether one of the conditions holds.</summary>
    Or,

    /// <summary>Whether the condition does not hold.</summary>
    Not,

    /// <summary>The second operand if the condition holds, otherwise the third.</summary>
    Select,
}
