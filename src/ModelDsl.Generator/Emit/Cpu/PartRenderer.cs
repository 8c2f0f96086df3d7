using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Writes one register of each vector as a C# expression.</summary>
/// <param name="values">The renderer that all parts share.</param>
/// <param name="names">The names of the function's symbols.</param>
/// <param name="part">The number of the register in a vector.</param>
internal sealed class PartRenderer(ValueRenderer values, SymbolNames names, int part) : IValueVisitor<string>
{
    public string Visit(Number value) => values.All(value);

    public string Visit(Variable value) => Held(value);

    public string Visit(TileElement value) => Held(value);

    public string Visit(LoadLanes value)
    {
        var valid = values.Valid(value.Count, part);
        if (valid == 0) return values.Zero;
        var remaining = Remaining(value.Count, valid);
        if (value.Stride != 1)
        {
            return $"{values.Lanes}.LoadStrided({values.Access(value.Buffer, value.Offset + (part * values.Width * value.Stride))}, {value.Stride}, {remaining})";
        }

        var source = values.Access(value.Buffer, value.Offset + (part * values.Width));
        return valid == values.Width && !value.Buffer.IsInt ? $"{values.Vector}.Load({source})" : $"{values.Lanes}.Load({source}, {remaining})";
    }

    public string Visit(LoadScalar value) => values.All(value);

    public string Visit(MultiplyAdd value) => $"{values.Notation.MultiplyAdd}({Of(value.A)}, {Of(value.B)}, {Of(value.C)})";

    public string Visit(LaneIndex value) => $"{values.Lanes}.From({names.Of(value.Start + (part * values.Width))})";

    public string Visit(IndexNumber value) => values.All(value);

    public string Visit(MaskLanes value)
    {
        var valid = values.Valid(value.Count, part);
        if (valid == values.Width) return Of(value.Masked);
        if (valid == 0) return $"{values.Vector}.Create({Literals.Float(value.Fill)})";
        return $"{values.Lanes}.Keep({Of(value.Masked)}, {Remaining(value.Count, valid)}, {Literals.Float(value.Fill)})";
    }

    public string Visit(ReduceLanes value) => values.All(value);

    // A statement draws them and declares the registers that they are loaded into.
    public string Visit(RandomLanes value) => throw NoVector(value);

    public string Visit(Broadcast value) => values.All(value.Scalar);

    public string Visit(RoundedToTf32 value) => throw NoVector(value);

    public string Visit(QuadLane value) => throw NoVector(value);

    public string Visit(Guarded value) => throw NoVector(value);

    public string Visit(RandomNumber value) => throw NoVector(value);

    public string Visit(Operation value)
    {
        string Arg(int index) => Parentheses.Operand(Of(value.Args[index]));
        string Plain(int index) => Of(value.Args[index]);
        string CallOf(string function) => $"{function}({string.Join(", ", value.Args.Select(Of))})";
        string Call(string function) => CallOf($"{values.Vector}.{function}");
        string Own(string function) => values.Notation.Function(function, value.Args.Select(Of));

        return ScalarRenderer.Arithmetic(value, Of) ?? value.Op switch
        {
            ScalarOp.Abs => Call("Abs"),
            ScalarOp.Sqrt => Call("Sqrt"),
            ScalarOp.Floor => Call("Floor"),
            ScalarOp.Ceiling => Call("Ceiling"),
            ScalarOp.Round => Call("Round"),
            // The native forms return their second operand if one operand is NaN. With the literal as the first operand, NaN is preserved.
            ScalarOp.Maximum when value.Args[1] is Number => $"{values.Vector}.MaxNative({Plain(1)}, {Plain(0)})",
            ScalarOp.Maximum when value.Args[0] is Number => Call("MaxNative"),
            ScalarOp.Minimum when value.Args[1] is Number => $"{values.Vector}.MinNative({Plain(1)}, {Plain(0)})",
            ScalarOp.Minimum when value.Args[0] is Number => Call("MinNative"),
            ScalarOp.Maximum => Call("Max"),
            ScalarOp.Minimum => Call("Min"),
            ScalarOp.Power => Own("Pow"),
            ScalarOp.Less => Call("LessThan"),
            ScalarOp.LessOrEqual => Call("LessThanOrEqual"),
            ScalarOp.Equal => CallOf(values.Notation.EqualTo),
            ScalarOp.And => $"{Arg(0)} & {Arg(1)}",
            ScalarOp.Or => $"{Arg(0)} | {Arg(1)}",
            ScalarOp.Not => $"~{Arg(0)}",
            ScalarOp.Select when !value.Args[0].IsVector => $"({values.Scalar(value.Args[0])} ? {Plain(1)} : {Plain(2)})",
            ScalarOp.Select => CallOf(values.Notation.Select),
            _ => Own(value.Op.ToString()),
        };
    }

    private string Of(Value value) => values.Part(value, part);

    private string Held(Local local) => values.IsHeld(local, part) ? values.Register(local, part) : values.Zero;

    private string Remaining(Index count, int? valid) => valid is { } known ? Literals.Int(known) : names.Of(count - (part * values.Width));

    private static InvalidOperationException NoVector(Value value) => new($"'{value}' is no vector of this target.");
}
