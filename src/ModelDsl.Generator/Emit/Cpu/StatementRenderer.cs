using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Statements of kernels as C#.</summary>
internal sealed class StatementRenderer(ValueRenderer values, CodeWriter writer)
{
    /// <summary>Where drawn random numbers stand until they are loaded into registers.</summary>
    public const string RandomBuffer = "drawn";

    public void Write(IReadOnlyList<Statement> statements)
    {
        foreach (var statement in statements) Write(statement);
    }

    private void Write(Statement statement)
    {
        switch (statement)
        {
            case Declare declare:
                Declare(declare);
                break;
            case Assign { Value.IsVector: false } assign when !IsVector(assign):
                writer.Line($"{assign.Name} = {values.Scalar(assign.Value)};");
                break;
            case Assign assign:
                for (var part = 0; part < values.PartsFor(assign.Lanes); part++) writer.Line($"{values.PartName(assign.Name, part)} = {values.Part(assign.Value, part)};");
                break;
            case StoreLanes store:
                Store(store);
                break;
            case StoreScalar store:
                writer.Line($"{store.Buffer}[{store.Offset}] = {values.Scalar(store.Value)};");
                break;
            case DeclareIndex index:
                writer.Line($"var {index.Name} = {index.Value};");
                break;
            case LoadIndex load:
                writer.Line($"var {load.Name} = {load.Buffer}[{load.Offset}];");
                break;
            case DeclareCursor cursor:
                writer.Line($"var {cursor.Name} = {values.Place(cursor.Buffer, cursor.Offset, 0)};");
                break;
            case Advance advance:
                writer.Line(advance.By.Literal is < 0 ? $"{advance.Cursor} -= {-advance.By.Literal};" : $"{advance.Cursor} += {advance.By};");
                break;
            case Loop loop:
                var step = loop.Step.Literal == 1 ? $"{loop.Variable}++" : $"{loop.Variable} += {loop.Step}";
                using (writer.Block($"for (var {loop.Variable} = {loop.From}; {loop.Variable} < {loop.To}; {step})")) Write(loop.Body);
                break;
            case If choice:
                using (writer.Block($"if ({choice.Left} < {choice.Right})")) Write(choice.Then);
                if (choice.Else.Count == 0) break;
                using (writer.Block("else")) Write(choice.Else);
                break;
            case Call call:
                var arguments = call.Cursors.Select(cursor => values.Place(cursor.Buffer, cursor.Offset, 0)).Concat(call.Integers.Select(index => index.ToString()));
                writer.Line($"{call.Function.Name}({string.Join(", ", arguments.Concat(RandomArguments(call.Function)))});");
                break;
            case TransposeBlock block:
                writer.Line(
                    $"Blocks.Transpose({values.Place(block.Target, block.TargetOffset, 0)}, {block.TargetStride}, "
                    + $"{values.Place(block.Source, block.SourceOffset, 0)}, {block.SourceStride}, {block.Rows}, {block.Columns});");
                break;
            case Remark remark:
                writer.Line("// " + remark.Text);
                break;
            default:
                throw new InvalidOperationException($"{statement.GetType().Name} cannot be written.");
        }
    }

    /// <summary>The random key and step, for functions that draw numbers.</summary>
    public static IEnumerable<string> RandomArguments(Function function) => function.IsRandom ? ["seed", "number"] : [];

    private static bool IsVector(Assign assign) => assign.Value.IsVector;

    private void Declare(Declare declare)
    {
        if (declare.Value is RandomLanes random)
        {
            writer.Line($"DropoutRandom.Uniform16(seed, number, (uint){random.Stream}, (uint)({random.Row}), (uint)({random.Block}), {RandomBuffer});");
            DeclareParts(declare, part => $"{values.Vector}.Load({values.Place(RandomBuffer, 0, part)})");
        }
        else if (declare.Value.IsVector)
        {
            DeclareParts(declare, part => values.Part(declare.Value, part));
        }
        else
        {
            writer.Line($"{(declare.Value is LoadScalar ? "float" : "var")} {declare.Name} = {values.Scalar(declare.Value)};");
        }
    }

    private void DeclareParts(Declare declare, Func<int, string> text)
    {
        var parts = values.PartsFor(declare.Lanes);
        for (var part = 0; part < parts; part++) writer.Line($"var {values.PartName(declare.Name, part)} = {text(part)};");
        values.DeclareParts(declare.Name, parts);
    }

    private void Store(StoreLanes store)
    {
        for (var part = 0; part < values.PartsFor(Value.Lanes); part++)
        {
            var valid = values.Valid(store.Count, part);
            if (valid == 0) continue;
            var place = values.Place(store.Buffer, store.Offset, part);
            var value = values.Part(store.Value, part);
            if (valid == values.Width) writer.Line($"{values.Vector}.Store({value}, {place});");
            else writer.Line($"{values.Lanes}.Store({value}, {place}, {(valid is { } known ? Literals.Int(known) : (store.Count - (part * values.Width)).ToString())});");
        }
    }
}
