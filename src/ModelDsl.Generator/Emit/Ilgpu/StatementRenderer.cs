using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>Writes the statements of one thread and of its group.</summary>
internal sealed class StatementRenderer(CodeWriter writer, SymbolNames names) : StatementWriter(writer, names)
{
    private readonly ValueRenderer values = new(names);

    protected override string Scalar(Value value) => values.Render(value);

    public override Nothing Visit(Assign statement) =>
        statement.Value is Operation { Op: Scalars.ScalarOp.Add } sum && sum.Args[0].Equals(statement.Target)
            ? Line($"{Scalar(statement.Target)} += {Scalar(sum.Args[1])};") : base.Visit(statement);

    public override Nothing Visit(Call statement)
    {
        var arguments = statement.Buffers.Select(buffer => Names[buffer.Buffer]).Concat(statement.Integers.Select(Names.Of))
            .Concat(RandomArguments(statement.Function)).Concat(statement.Numbers.Select(Scalar));
        return Line($"{statement.Function.Name}({string.Join(", ", arguments)});");
    }

    public override Nothing Visit(DeclareArray statement) =>
        Line($"var {Names[statement.Buffer]} = SharedMemory.Allocate<{Type(statement.Buffer.Element)}>({statement.Length});");

    public override Nothing Visit(GroupBarrier statement) => Line("Group.Barrier();");

    public override Nothing Visit(DeclareView statement) =>
        Line($"var {Names[statement.View]} = {Names[statement.Buffer]}.Cast<{Type(statement.View.Element)}>();");

    // The accumulators of tensor cores are PTX registers. As variables of the kernel they would be in memory.
    public override Nothing Visit(DeclareMatrixTile statement)
    {
        var tile = Names[statement.Tile];
        Writer.Line($"CudaAsm.Emit(\".reg .f32 {tile}<{statement.Tile.Count}>;\");");
        for (var i = 0; i < statement.Tile.Count; i++) Writer.Line($"CudaAsm.Emit(\"mov.f32 {tile}{i}, 0f00000000;\");");
        return default;
    }

    public override Nothing Visit(MultiplyMatrices statement)
    {
        var own = $"{{{string.Join(", ", Enumerable.Range(statement.First, 4).Select(i => $"{Names[statement.Tile]}{i}"))}}}";
        var factors = string.Join(", ", statement.A.Concat(statement.B).Select(factor => Names[factor]));
        return Line($"CudaAsm.Emit(TensorCores.Multiply + \" {own}, {{%0, %1, %2, %3}}, {{%4, %5}}, {own};\", {factors});");
    }

    public override Nothing Visit(ReadMatrixTile statement) =>
        Line($"CudaAsm.Emit(\"mov.f32 %0, {Names[statement.Tile]}{statement.Number};\", out float {Names[statement.Variable]});");

    public override Nothing Visit(LoadQuad statement)
    {
        var load = $"{Names[statement.Buffer]}[{Names.Of(statement.Offset)}]";
        return Line($"var {Names[statement.Quad]} = {(statement.Conditions.Count == 0 ? load : $"{Names.Of(statement.Conditions)} ? {load} : default")};");
    }

    public override Nothing Visit(StoreQuad statement)
    {
        Writer.Line($"{Names[statement.Buffer]}[{Names.Of(statement.Offset)}] = new Quad(");
        for (var i = 0; i < statement.Values.Count; i++) Writer.Line($"    {Scalar(statement.Values[i])}{(i < statement.Values.Count - 1 ? "," : ");")}");
        return default;
    }

    public override Nothing Visit(ReduceThreads statement) => Line(
        $"var {Names[statement.Variable]} = Threads.{statement.Op}({Names[statement.Shared]}, {Names[ThreadGroups.Thread]}, {Scalar(statement.Value)}, "
        + $"{statement.Threads}, {statement.Width});");

    public override Nothing Visit(StoreLanes statement) => throw Unwritable(statement);

    public override Nothing Visit(DeclareCursor statement) => throw Unwritable(statement);

    public override Nothing Visit(Advance statement) => throw Unwritable(statement);

    public override Nothing Visit(TransposeBlock statement) => throw Unwritable(statement);

    public override Nothing Visit(Prefetch statement) => throw Unwritable(statement);

    private static string Type(BufferElement element) => element switch
    {
        BufferElement.Quad => "Quad",
        BufferElement.Bits => "uint",
        BufferElement.Int => "int",
        _ => "float",
    };
}
