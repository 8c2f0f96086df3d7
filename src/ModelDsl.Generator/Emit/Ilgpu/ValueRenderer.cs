using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>Values of one thread as C# expressions.</summary>
internal static class ValueRenderer
{
    /// <summary>The package's functions for kernels.</summary>
    private const string Functions = "KernelMath";

    private const string Lanes = "XYZW";

    public static string Render(Value value) => value switch
    {
        Number number => Literals.Float(number.Literal),
        Variable variable => variable.Name,
        LoadScalar { Type: ElementType.Int } load => $"(float){load.Buffer}[{load.Offset}]",
        LoadScalar load => $"{load.Buffer}[{load.Offset}]",
        IndexNumber { Index: IndexLiteral literal } => Literals.Float(literal.Value),
        IndexNumber number => $"(float){Parentheses.Around(number.Index)}",
        QuadLane lane => $"{lane.Quad}.{Lanes[lane.Lane]}",
        Guarded guarded => $"{Render(guarded.Conditions)} ? {Render(guarded.Inside)} : 0f",
        RandomNumber random => $"{Functions}.Uniform(seed, number, (uint){random.Stream}, (uint){Parentheses.Around(random.Row)}, (uint){Parentheses.Around(random.Element)})",
        Operation operation => Operation(operation),
        _ => throw new InvalidOperationException($"{value.GetType().Name} is no value of one thread."),
    };

    public static string Render(IEnumerable<Condition> conditions) =>
        string.Join(" && ", conditions.Select(condition => $"{condition.Left} {(condition.Operator == '=' ? "==" : "<")} {condition.Right}"));

    private static string Operation(Operation operation)
    {
        string Arg(int index) => Parentheses.Operand(Render(operation.Args[index]));
        string Call(string function) => $"{function}({string.Join(", ", operation.Args.Select(Render))})";
        return operation.Op switch
        {
            ScalarOp.Negate => $"-{Arg(0)}",
            ScalarOp.Add => $"{Arg(0)} + {Arg(1)}",
            ScalarOp.Subtract => $"{Arg(0)} - {Arg(1)}",
            ScalarOp.Multiply => $"{Arg(0)} * {Arg(1)}",
            ScalarOp.Divide => $"{Arg(0)} / {Arg(1)}",
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
            _ => Call($"{Functions}.{operation.Op}"),
        };
    }
}
