using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Emit;

/// <summary>Numbers as C# expressions, as far as the language and MathF go: the same for every target.</summary>
internal static class ScalarText
{
    /// <summary>The text of a value, or null where a target has its own way.</summary>
    /// <param name="value">The value.</param>
    /// <param name="render">The target's text of the values it is made of.</param>
    public static string? Of(Value value, Func<Value, string> render) => value switch
    {
        Number number => Literals.Float(number.Literal),
        Variable variable => variable.Name,
        LoadScalar { Type: ElementType.Int } load => $"(float){load.Buffer}[{load.Offset}]",
        LoadScalar load => $"{load.Buffer}[{load.Offset}]",
        IndexNumber { Index: IndexLiteral literal } => Literals.Float(literal.Value),
        IndexNumber number => $"(float){Parentheses.Around(number.Index)}",
        Operation operation => Arithmetic(operation, render) ?? Of(operation, render),
        _ => null,
    };

    /// <summary>Sums, products and their like, which C# writes the same for numbers and for vectors; null for other operations.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="render">The text of an operand.</param>
    public static string? Arithmetic(Operation operation, Func<Value, string> render)
    {
        string Arg(int index) => Parentheses.Operand(render(operation.Args[index]));
        return operation.Op switch
        {
            ScalarOp.Negate => $"-{Arg(0)}",
            ScalarOp.Add => $"{Arg(0)} + {Arg(1)}",
            ScalarOp.Subtract => $"{Arg(0)} - {Arg(1)}",
            ScalarOp.Multiply => $"{Arg(0)} * {Arg(1)}",
            ScalarOp.Divide => $"{Arg(0)} / {Arg(1)}",
            _ => null,
        };
    }

    private static string? Of(Operation operation, Func<Value, string> render)
    {
        string Arg(int index) => Parentheses.Operand(render(operation.Args[index]));
        string Call(string function) => $"{function}({string.Join(", ", operation.Args.Select(render))})";
        return operation.Op switch
        {
            ScalarOp.Abs => Call("MathF.Abs"),
            ScalarOp.Sqrt => Call("MathF.Sqrt"),
            ScalarOp.Floor => Call("MathF.Floor"),
            ScalarOp.Ceiling => Call("MathF.Ceiling"),
            ScalarOp.Less => $"{Arg(0)} < {Arg(1)}",
            ScalarOp.LessOrEqual => $"{Arg(0)} <= {Arg(1)}",
            ScalarOp.Equal => $"{Arg(0)} == {Arg(1)}",
            ScalarOp.And => $"{Arg(0)} && {Arg(1)}",
            ScalarOp.Or => $"{Arg(0)} || {Arg(1)}",
            ScalarOp.Not => $"!{Arg(0)}",
            ScalarOp.Select => $"({Arg(0)} ? {Arg(1)} : {Arg(2)})",
            _ => null,
        };
    }
}
