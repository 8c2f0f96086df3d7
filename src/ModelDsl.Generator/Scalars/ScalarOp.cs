namespace ModelDsl.Generator.Scalars;

/// <summary>
/// The scalar operations of expressions. Their meaning, derivatives and text are in one table,
/// <see cref="ScalarOps"/>; each target has a table for its generated text.
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
