namespace ModelDsl.Generator.Scalars;

/// <summary>
/// The scalar operations every expression is made of. What they mean, how they are differentiated and how they print is one table,
/// <see cref="ScalarOps"/>; targets have a table of their own for their text.
/// </summary>
internal enum ScalarOp
{
    // One operand.
    Negate,
    Abs,
    Sqrt,
    Exp,
    Log,
    Sin,
    Cos,
    Tanh,
    Sigmoid,
    Softplus,
    Erf,
    Floor,
    Ceiling,
    Round,
    Sign,

    // Two operands.
    Add,
    Subtract,
    Multiply,
    Divide,
    Minimum,
    Maximum,
    Power,

    // Conditions.
    Less,
    LessOrEqual,
    Equal,
    And,
    Or,
    Not,

    // condition ? second : third
    Select,
}
