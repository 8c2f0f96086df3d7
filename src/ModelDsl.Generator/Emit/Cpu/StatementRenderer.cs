using ModelDsl.Generator.Loops;
using Buffer = ModelDsl.Generator.Loops.Buffer;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Writes statements of kernels as C# over registers.</summary>
internal sealed class StatementRenderer(ValueRenderer values, CodeWriter writer, SymbolNames names) : StatementWriter(writer, names)
{
    /// <summary>The array of drawn random numbers, from which they are loaded into registers.</summary>
    public const string RandomBuffer = "drawn";

    protected override string Scalar(Value value) => values.Scalar(value);

    public override Nothing Visit(Declare statement)
    {
        if (!statement.Value.IsVector) return base.Visit(statement);
        if (statement.Value is RandomLanes random)
        {
            Writer.Line(
                $"DropoutRandom.Uniform16(seed, number, (uint){Names.Of(random.Stream)}, (uint)({Names.Of(random.Row)}), (uint)({Names.Of(random.Block)}), {RandomBuffer});");
            DeclareParts(statement.Variable, Names[statement.Variable], statement.Lanes, part => $"{values.Vector}.Load({values.Access(RandomBuffer, part * values.Width)})");
        }
        else if (statement is { Value: Broadcast, Mutable: false })
        {
            // One register: a compiler that does not detect that two are equal would copy one into the other.
            Writer.Line($"var {Names[statement.Variable]} = {values.Part(statement.Value, 0)};");
            values.DeclareUniform(statement.Variable);
        }
        else
        {
            DeclareParts(statement.Variable, Names[statement.Variable], statement.Lanes, part => values.Part(statement.Value, part));
        }

        return default;
    }

    public override Nothing Visit(Assign statement)
    {
        if (!statement.Value.IsVector) return base.Visit(statement);
        for (var part = 0; part < values.PartsFor(statement.Lanes); part++)
        {
            Writer.Line($"{values.PartName(values.Name(statement.Target), part)} = {values.Part(statement.Value, part)};");
        }

        return default;
    }

    public override Nothing Visit(StoreLanes statement)
    {
        for (var part = 0; part < values.PartsFor(Value.Lanes); part++)
        {
            var valid = values.Valid(statement.Count, part);
            if (valid == 0) continue;
            var value = values.Part(statement.Value, part);
            var remaining = valid is { } literal ? Literals.Int(literal) : Names.Of(statement.Count - (part * values.Width));
            if (statement.Stride != 1)
            {
                var first = values.Access(statement.Buffer, statement.Offset + (part * values.Width * statement.Stride));
                Writer.Line($"{values.Lanes}.StoreStrided({value}, {first}, {statement.Stride}, {remaining});");
                continue;
            }

            var target = values.Access(statement.Buffer, statement.Offset + (part * values.Width));
            if (valid == values.Width) Writer.Line($"{values.Vector}.Store({value}, {target});");
            else Writer.Line($"{values.Lanes}.Store({value}, {target}, {remaining});");
        }

        return default;
    }

    public override Nothing Visit(DeclareCursor statement) => Line($"var {Names[statement.Cursor]} = {values.Address(statement.Buffer, statement.Offset)};");

    public override Nothing Visit(Advance statement) =>
        Line(statement.By.Literal is < 0 ? $"{Names[statement.Cursor]} -= {-statement.By.Literal};" : $"{Names[statement.Cursor]} += {Names.Of(statement.By)};");

    public override Nothing Visit(Call statement)
    {
        if (statement.Function.IsOfEpilogue) return CallOfEpilogue(statement);
        var buffers = values.CallsTemplates && statement.Function.Template?.Epilogue is { } epilogue
            ? statement.Buffers.Take(statement.Buffers.Count - epilogue.Operands.Count - epilogue.Results.Count).Select(Address).Concat(epilogue.Parameters.Select(parameter => Argument(statement, parameter.Buffer)))
            : statement.Buffers.Select(Address);
        var arguments = buffers.Concat(statement.Integers.Select(Names.Of));
        return Line($"{statement.Function.Name}({string.Join(", ", arguments.Concat(RandomArguments(statement.Function)))});");
    }

    public override Nothing Visit(TransposeBlock statement) => Line(
        $"Blocks.Transpose({values.Address(statement.Target, statement.TargetOffset)}, {statement.TargetStride}, "
        + $"{values.Address(statement.Source, statement.SourceOffset)}, {statement.SourceStride}, {Names.Of(statement.Rows)}, {Names.Of(statement.Columns)});");

    public override Nothing Visit(Prefetch statement) =>
        Line(statement.IsLine
            ? $"Blocks.PrefetchLine({values.Address(statement.Buffer, statement.Offset)});"
            : $"Blocks.Prefetch({values.Address(statement.Buffer, statement.Offset)}, {statement.Stride}, {statement.Rows}, {statement.Columns});");

    public override Nothing Visit(DeclareArray statement) => Line($"var {Names[statement.Buffer]} = stackalloc float[{statement.Length}];");

    public override Nothing Visit(GroupBarrier statement) => throw Unwritable(statement);

    public override Nothing Visit(DeclareView statement) => throw Unwritable(statement);

    public override Nothing Visit(LoadQuad statement) => throw Unwritable(statement);

    public override Nothing Visit(StoreQuad statement) => throw Unwritable(statement);

    public override Nothing Visit(ReduceThreads statement) => throw Unwritable(statement);

    public override Nothing Visit(DeclareMatrixTile statement) => throw Unwritable(statement);

    public override Nothing Visit(MultiplyMatrices statement) => throw Unwritable(statement);

    public override Nothing Visit(ReadMatrixTile statement) => throw Unwritable(statement);

    /// <summary>Initializes accumulators with zero, one row per line.</summary>
    public override Nothing Visit(DeclareTile statement)
    {
        if (!statement.Tile.IsVector || statement.Value is not Broadcast { Scalar: Number { Literal: 0 } }) return base.Visit(statement);
        for (var row = 0; row < statement.Tile.Rows; row++)
        {
            var registers = new List<string>();
            for (var column = 0; column < statement.Tile.Columns; column++)
            {
                var element = statement.Tile[row, column];
                var parts = values.PartsFor(statement.Lanes[column]);
                for (var part = 0; part < parts; part++) registers.Add($"{values.PartName(Names.Of(element), part)} = default");
                values.DeclareParts(element, parts);
            }

            Line($"{values.Notation.Type} {string.Join(", ", registers)};");
        }

        return default;
    }

    protected override void DeclareElement(DeclareTile statement, TileElement element)
    {
        if (element.IsVector) DeclareParts(element, Names.Of(element), statement.Lanes[element.Column], part => values.Part(statement.Value, part));
        else base.DeclareElement(statement, element);
    }

    private string Address((Buffer Buffer, Index Offset) argument) => values.Address(argument.Buffer, argument.Offset);

    /// <summary>The argument for an operand or result that a tile may have.</summary>
    private string Argument(Call call, Buffer? parameter)
    {
        if (parameter is null) return "null";
        var number = call.Function.Buffers.Select((buffer, number) => (buffer.Buffer, number)).First(buffer => buffer.Buffer == parameter).number;
        return (parameter.IsInt ? "(float*)" : "") + Address(call.Buffers[number]);
    }

    /// <summary>Calls a function of the epilogue, for each register if its number is a vector. The last integer of such a function is the column of the register.</summary>
    private Nothing CallOfEpilogue(Call call)
    {
        var function = $"{Epilogues.TypeParameter}.{call.Function.Name}<{TileSizesText.TypeParameter}>";
        string Arguments(int first) => string.Join(", ", call.Buffers.Select(Address).Concat(call.Integers.Select((integer, number) => Names.Of(number == call.Integers.Count - 1 ? integer + first : integer))));
        if (call.Numbers.Count == 0) return Line($"{function}({Arguments(0)});");
        for (var part = 0; part < values.PartsFor(Value.Lanes); part++) Line($"{function}({values.Part(call.Numbers[0], part)}, {Arguments(part * values.Width)});");
        return default;
    }

    private void DeclareParts(Local local, string name, int lanes, Func<int, string> text)
    {
        var parts = values.PartsFor(lanes);
        for (var part = 0; part < parts; part++) Writer.Line($"var {values.PartName(name, part)} = {text(part)};");
        values.DeclareParts(local, parts);
    }
}
