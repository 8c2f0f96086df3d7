using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Values as C# expressions: a logical vector is one value of the notation, or two or four registers, each an expression of its own.</summary>
/// <param name="notation">How vectors are written.</param>
internal sealed class ValueRenderer(VectorNotation notation)
{
    private readonly Dictionary<string, int> declaredParts = [];

    /// <summary>What makes vectors.</summary>
    public string Vector => notation.Vector;

    /// <summary>What loads and stores some lanes.</summary>
    public string Lanes => notation.Lanes;

    /// <summary>Lanes of a register.</summary>
    public int Width => notation.Width;

    /// <summary>Registers that hold so many lanes.</summary>
    public int PartsFor(int lanes) => (lanes + Width - 1) / Width;

    /// <summary>Forgets declared names at the start of a method.</summary>
    public void Begin() => declaredParts.Clear();

    /// <summary>Notes that a vector is held in so many registers.</summary>
    public void DeclareParts(string name, int parts) => declaredParts[name] = parts;

    /// <summary>The name of a register of a vector.</summary>
    public string PartName(string name, int part) => Width == Value.Lanes ? name : $"{name}_{(char)('a' + part)}";

    public string Scalar(Value value) => ScalarText.Of(value, Scalar) ?? value switch
    {
        MultiplyAdd add => $"{notation.ScalarMultiplyAdd}({Scalar(add.A)}, {Scalar(add.B)}, {Scalar(add.C)})",
        CombineLanes combine => $"{Lanes}.{combine.Op}({string.Join(", ", Enumerable.Range(0, PartsFor(Value.Lanes)).Select(part => Part(combine.Combined, part)))})",
        Operation operation => ScalarOperation(operation),
        _ => throw new InvalidOperationException($"{value.GetType().Name} is no scalar."),
    };

    public string Part(Value value, int part) => value switch
    {
        _ when !value.IsVector => value is Number { Literal: 0 } ? notation.Zero : $"{Vector}.Create({Scalar(value)})",
        Spread spread => spread.Scalar is Number { Literal: 0 } ? notation.Zero : $"{Vector}.Create({Scalar(spread.Scalar)})",
        Variable variable => declaredParts.TryGetValue(variable.Name, out var parts) && part >= parts ? notation.Zero : PartName(variable.Name, part),
        LoadLanes load => Load(load, part),
        LaneIndex index => $"{Lanes}.From({index.Start + (part * Width)})",
        KeepLanes keep => Keep(keep, part),
        MultiplyAdd add => $"{notation.MultiplyAdd}({Part(add.A, part)}, {Part(add.B, part)}, {Part(add.C, part)})",
        Operation operation => VectorOperation(operation, part),
        _ => throw new InvalidOperationException($"{value.GetType().Name} is no vector."),
    };

    /// <summary>The place of a part in a buffer.</summary>
    public string Place(string buffer, Index offset, int part)
    {
        var place = offset + (part * Width);
        return place.Literal == 0 ? buffer : $"{buffer} + {(place is IndexBinary { Operator: '-' } ? $"({place})" : place.ToString())}";
    }

    /// <summary>How many lanes of a register a count leaves: a literal, or null when it is known only at run time.</summary>
    public int? Valid(Index count, int part) => count.Literal is { } literal ? Math.Max(0, Math.Min(Width, literal - (part * Width))) : null;

    private string Load(LoadLanes load, int part)
    {
        var valid = Valid(load.Count, part);
        if (valid == 0) return notation.Zero;
        var remaining = valid is { } known ? Literals.Int(known) : (load.Count - (part * Width)).ToString();
        if (load.Stride != 1) return $"{Lanes}.LoadStrided({load.Buffer} + {load.Offset + (part * Width * load.Stride)}, {load.Stride}, {remaining})";
        var place = Place(load.Buffer, load.Offset, part);
        return valid == Width && load.Type == ElementType.Float ? $"{Vector}.Load({place})" : $"{Lanes}.Load({place}, {remaining})";
    }

    private string Keep(KeepLanes keep, int part)
    {
        var valid = Valid(keep.Count, part);
        if (valid == Width) return Part(keep.Kept, part);
        if (valid == 0) return $"{Vector}.Create({Literals.Float(keep.Fill)})";
        var remaining = valid is { } known ? Literals.Int(known) : (keep.Count - (part * Width)).ToString();
        return $"{Lanes}.Keep({Part(keep.Kept, part)}, {remaining}, {Literals.Float(keep.Fill)})";
    }

    private string VectorOperation(Operation operation, int part)
    {
        string Arg(int index) => Parentheses.Operand(Part(operation.Args[index], part));
        string Plain(int index) => Part(operation.Args[index], part);
        string CallOf(string function) => $"{function}({string.Join(", ", operation.Args.Select(arg => Part(arg, part)))})";
        string Call(string function) => CallOf($"{Vector}.{function}");
        string Own(string function) => notation.Function(function, operation.Args.Select(arg => Part(arg, part)));

        return ScalarText.Arithmetic(operation, value => Part(value, part)) ?? operation.Op switch
        {
            ScalarOp.Abs => Call("Abs"),
            ScalarOp.Sqrt => Call("Sqrt"),
            ScalarOp.Floor => Call("Floor"),
            ScalarOp.Ceiling => Call("Ceiling"),
            ScalarOp.Round => Call("Round"),
            // The native forms give their second operand when one is NaN: with the literal first, NaN goes through.
            ScalarOp.Maximum when operation.Args[1] is Number => $"{Vector}.MaxNative({Plain(1)}, {Plain(0)})",
            ScalarOp.Maximum when operation.Args[0] is Number => Call("MaxNative"),
            ScalarOp.Minimum when operation.Args[1] is Number => $"{Vector}.MinNative({Plain(1)}, {Plain(0)})",
            ScalarOp.Minimum when operation.Args[0] is Number => Call("MinNative"),
            ScalarOp.Maximum => Call("Max"),
            ScalarOp.Minimum => Call("Min"),
            ScalarOp.Power => Own("Pow"),
            ScalarOp.Less => Call("LessThan"),
            ScalarOp.LessOrEqual => Call("LessThanOrEqual"),
            ScalarOp.Equal => CallOf(notation.EqualTo),
            ScalarOp.And => $"{Arg(0)} & {Arg(1)}",
            ScalarOp.Or => $"{Arg(0)} | {Arg(1)}",
            ScalarOp.Not => $"~{Arg(0)}",
            ScalarOp.Select when !operation.Args[0].IsVector => $"({Scalar(operation.Args[0])} ? {Plain(1)} : {Plain(2)})",
            ScalarOp.Select => CallOf(notation.Select),
            _ => Own(operation.Op.ToString()),
        };
    }

    /// <summary>What C# has no word of its own for.</summary>
    private string ScalarOperation(Operation operation)
    {
        string Call(string function) => $"{function}({string.Join(", ", operation.Args.Select(Scalar))})";

        // The vector function in one lane: a number has the same bits alone as among others.
        string Own(string function) => notation.First(notation.Function(function, operation.Args.Select(arg => $"{Vector}.Create({Scalar(arg)})")));

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
