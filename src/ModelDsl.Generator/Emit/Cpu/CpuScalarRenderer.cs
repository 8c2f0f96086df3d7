using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Writes numbers as C# expressions with MathF and the functions of a register width.</summary>
internal sealed class CpuScalarRenderer(ValueRenderer values, SymbolNames names) : ScalarRenderer(names)
{
    public override string Visit(MultiplyAdd value) => $"{values.Notation.ScalarMultiplyAdd}({Render(value.A)}, {Render(value.B)}, {Render(value.C)})";

    public override string Visit(ReduceLanes value) =>
        $"{values.Lanes}.{value.Op}({string.Join(", ", Enumerable.Range(0, values.PartsFor(Value.Lanes)).Select(part => values.Part(value.Vector, part)))})";

    public override string Visit(RoundedToTf32 value) => throw NoNumber(value);

    public override string Visit(QuadLane value) => throw NoNumber(value);

    public override string Visit(Guarded value) => throw NoNumber(value);

    public override string Visit(RandomNumber value) => throw NoNumber(value);

    /// <summary>Operations that have no operator in C#.</summary>
    protected override string Function(Operation operation)
    {
        string Call(string function) => $"{function}({string.Join(", ", operation.Args.Select(Render))})";

        // The vector function in one lane, so that a number has the same bits alone as in a vector.
        string Own(string function) => values.Notation.First(values.Notation.Function(function, operation.Args.Select(arg => $"{values.Vector}.Create({Render(arg)})")));

        return operation.Op switch
        {
            ScalarOp.Round => Call("MathF.Round"),
            ScalarOp.Maximum => Call("MathF.Max"),
            ScalarOp.Minimum => Call("MathF.Min"),
            ScalarOp.Power => Own("Pow"),
            _ => Own(operation.Op.ToString()),
        };
    }
}
