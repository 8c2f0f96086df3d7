using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Statements of kernels as C# over registers.</summary>
internal sealed class StatementRenderer(ValueRenderer values, CodeWriter writer) : StatementWriter(writer)
{
    /// <summary>Where drawn random numbers stand until they are loaded into registers.</summary>
    public const string RandomBuffer = "drawn";

    protected override string Scalar(Value value) => values.Scalar(value);

    protected override void Write(Statement statement)
    {
        switch (statement)
        {
            case Declare { Value: { IsVector: true } or RandomLanes } declare:
                Declare(declare);
                break;
            case Assign { Value.IsVector: true } assign:
                for (var part = 0; part < values.PartsFor(assign.Lanes); part++) Writer.Line($"{values.PartName(assign.Name, part)} = {values.Part(assign.Value, part)};");
                break;
            case StoreLanes store:
                Store(store);
                break;
            case DeclareCursor cursor:
                Writer.Line($"var {cursor.Name} = {values.Place(cursor.Buffer, cursor.Offset, 0)};");
                break;
            case Advance advance:
                Writer.Line(advance.By.Literal is < 0 ? $"{advance.Cursor} -= {-advance.By.Literal};" : $"{advance.Cursor} += {advance.By};");
                break;
            case If choice:
                using (Writer.Block($"if ({choice.Left} < {choice.Right})")) Write(choice.Then);
                if (choice.Else.Count == 0) break;
                using (Writer.Block("else")) Write(choice.Else);
                break;
            case Call call:
                var arguments = call.Cursors.Select(cursor => values.Place(cursor.Buffer, cursor.Offset, 0)).Concat(call.Integers.Select(index => index.ToString()));
                Writer.Line($"{call.Function.Name}({string.Join(", ", arguments.Concat(RandomArguments(call.Function)))});");
                break;
            case TransposeBlock block:
                Writer.Line(
                    $"Blocks.Transpose({values.Place(block.Target, block.TargetOffset, 0)}, {block.TargetStride}, "
                    + $"{values.Place(block.Source, block.SourceOffset, 0)}, {block.SourceStride}, {block.Rows}, {block.Columns});");
                break;
            default:
                base.Write(statement);
                break;
        }
    }

    private void Declare(Declare declare)
    {
        if (declare.Value is RandomLanes random)
        {
            Writer.Line($"DropoutRandom.Uniform16(seed, number, (uint){random.Stream}, (uint)({random.Row}), (uint)({random.Block}), {RandomBuffer});");
            DeclareParts(declare, part => $"{values.Vector}.Load({values.Place(RandomBuffer, 0, part)})");
        }
        else
        {
            DeclareParts(declare, part => values.Part(declare.Value, part));
        }
    }

    private void DeclareParts(Declare declare, Func<int, string> text)
    {
        var parts = values.PartsFor(declare.Lanes);
        for (var part = 0; part < parts; part++) Writer.Line($"var {values.PartName(declare.Name, part)} = {text(part)};");
        values.DeclareParts(declare.Name, parts);
    }

    private void Store(StoreLanes store)
    {
        for (var part = 0; part < values.PartsFor(Value.Lanes); part++)
        {
            var valid = values.Valid(store.Count, part);
            if (valid == 0) continue;
            var value = values.Part(store.Value, part);
            var remaining = valid is { } literal ? Literals.Int(literal) : (store.Count - (part * values.Width)).ToString();
            if (store.Stride != 1)
            {
                Writer.Line($"{values.Lanes}.StoreStrided({value}, {store.Buffer} + {store.Offset + (part * values.Width * store.Stride)}, {store.Stride}, {remaining});");
                continue;
            }

            var place = values.Place(store.Buffer, store.Offset, part);
            if (valid == values.Width) Writer.Line($"{values.Vector}.Store({value}, {place});");
            else Writer.Line($"{values.Lanes}.Store({value}, {place}, {remaining});");
        }
    }
}
