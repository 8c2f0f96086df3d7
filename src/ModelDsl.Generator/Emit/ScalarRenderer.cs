using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Emit;

/// <summary>Writes numbers as C# expressions, as far as the language and MathF have the operations. The text is the same for every target.</summary>
/// <param name="names">The names of the function's symbols.</param>
internal abstract class ScalarRenderer(SymbolNames names) : IValueVisitor<string>
{
    protected SymbolNames Names { get; } = names;

    /// <summary>The text of a number.</summary>
    public string Render(Value value) => value.Accept(this);

    /// <summary>Sums, products and similar operations, which are written the same in C# for numbers and vectors; null for other operations.</summary>
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

    public string Visit(Number value) => Literals.Float(value.Literal);

    public string Visit(Variable value) => Names[value];

    public string Visit(TileElement value) => Names.Of(value);

    public string Visit(LoadScalar value) => $"{(value.Buffer.IsInt ? "(float)" : "")}{Names[value.Buffer]}[{Names.Of(value.Offset)}]";

    public string Visit(IndexNumber value) =>
        value.Index is IndexLiteral literal ? Literals.Float(literal.Value) : $"(float){Parentheses.Around(value.Index, Names)}";

    public string Visit(Operation value) => Arithmetic(value, Render) ?? CSharp(value) ?? Function(value);

    public abstract string Visit(MultiplyAdd value);

    public abstract string Visit(ReduceLanes value);

    public abstract string Visit(RoundedToTf32 value);

    public abstract string Visit(QuadLane value);

    public abstract string Visit(Guarded value);

    public abstract string Visit(RandomNumber value);

    public string Visit(LoadLanes value) => throw NoNumber(value);

    public string Visit(LaneIndex value) => throw NoNumber(value);

    public string Visit(MaskLanes value) => throw NoNumber(value);

    public string Visit(RandomLanes value) => throw NoNumber(value);

    public string Visit(Broadcast value) => throw NoNumber(value);

    /// <summary>Writes an operation that has no operator in C#.</summary>
    protected abstract string Function(Operation operation);

    protected static InvalidOperationException NoNumber(Value value) => new($"The target has no number '{value}'.");

    private string? CSharp(Operation operation)
    {
        string Arg(int index) => Parentheses.Operand(Render(operation.Args[index]));
        string Call(string function) => $"{function}({string.Join(", ", operation.Args.Select(Render))})";
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
