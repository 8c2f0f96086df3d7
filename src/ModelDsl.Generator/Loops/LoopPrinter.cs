using System.Globalization;
using System.Text;

namespace ModelDsl.Generator.Loops;

/// <summary>Writes loop programs as text, for messages and debugging.</summary>
internal sealed class LoopPrinter : IStatementVisitor<string>, IValueVisitor<string>
{
    private static readonly LoopPrinter Instance = new();

    public static string Print(Statement statement) => statement.Accept(Instance);

    public static string Print(Value value) => value.Accept(Instance);

    public static string Print(Condition condition) => $"{condition.Left} {(condition.Comparison == Comparison.Less ? "<" : "=")} {condition.Right}";

    /// <summary>A kernel with the functions it calls.</summary>
    public static string Print(Kernel kernel) => string.Concat(kernel.Tiles.Prepend(kernel.Main).Select(Print));

    private static string Print(Function function)
    {
        var parameters = function.Buffers.Select(buffer => $"{(buffer.Written ? "inout " : "")}{buffer.Buffer}")
            .Concat(function.Integers.Select(integer => integer.Name)).Concat(function.Numbers.Select(number => number.Name));
        return $"{function.Name}({string.Join(", ", parameters)})\n{Block(function.Body)}";
    }

    private static string Block(IReadOnlyList<Statement> body)
    {
        var text = new StringBuilder();
        foreach (var line in body.SelectMany(statement => Print(statement).Split('\n'))) text.Append("  ").Append(line).Append('\n');
        return text.ToString();
    }

    private static string Join(IEnumerable<Value> values) => string.Join(", ", values.Select(Print));

    private static string Join(IEnumerable<Condition> conditions) => string.Join(" and ", conditions.Select(Print));

    private static string Lanes(int lanes) => lanes == Value.Lanes ? "" : $" [{lanes} lanes]";

    public string Visit(Declare statement) => $"{(statement.Mutable ? "var" : "let")} {statement.Variable} = {Print(statement.Value)}{Lanes(statement.Lanes)}";

    public string Visit(DeclareTile statement) => $"tile {statement.Tile}[{statement.Tile.Rows}, {statement.Tile.Columns}] = {Print(statement.Value)}";

    public string Visit(Assign statement) => $"{Print(statement.Target)} := {Print(statement.Value)}{Lanes(statement.Lanes)}";

    public string Visit(StoreLanes statement) => $"{statement.Buffer}[{statement.Offset}{Step(statement.Stride)}, {statement.Count} lanes] := {Print(statement.Value)}";

    public string Visit(StoreScalar statement) => $"{statement.Buffer}[{statement.Offset}] := {Print(statement.Value)}";

    public string Visit(DeclareIndex statement) => $"let {statement.Variable} = {statement.Value}";

    public string Visit(LoadIndex statement) => $"let {statement.Variable} = {statement.Buffer}[{statement.Offset}]";

    public string Visit(DeclareCursor statement) => $"cursor {statement.Cursor} = {statement.Buffer} + {statement.Offset}";

    public string Visit(Advance statement) => $"advance {statement.Cursor} by {statement.By}";

    public string Visit(Loop statement) =>
        $"for {statement.Variable} from {statement.From} below {statement.To} step {statement.Step}\n{Block(statement.Body)}".TrimEnd();

    public string Visit(If statement) =>
        $"if {Join(statement.Conditions)}\n{Block(statement.Then)}{(statement.Else.Count == 0 ? "" : $"else\n{Block(statement.Else)}")}".TrimEnd();

    public string Visit(Call statement) =>
        $"call {statement.Function.Name}({string.Join(", ", statement.Buffers.Select(buffer => $"{buffer.Buffer} + {buffer.Offset}").Concat(statement.Integers.Select(index => index.ToString())).Concat(statement.Numbers.Select(Print)))})";

    public string Visit(TransposeBlock statement) =>
        $"transpose {statement.Source}[{statement.SourceOffset}{Step(statement.SourceStride)}] to {statement.Target}[{statement.TargetOffset}{Step(statement.TargetStride)}], {statement.Rows} × {statement.Columns}";

    public string Visit(Prefetch statement) => $"prefetch {statement.Buffer}[{statement.Offset}{Step(statement.Stride)}], {(statement.IsLine ? "a line" : $"{statement.Rows} × {statement.Columns}")}";

    public string Visit(DeclareArray statement) => $"array {statement.Buffer}[{statement.Length} of {statement.Buffer.Element}]";

    public string Visit(GroupBarrier statement) => "barrier";

    public string Visit(DeclareView statement) => $"view {statement.View} = {statement.Buffer} as {statement.View.Element}";

    public string Visit(LoadQuad statement) =>
        $"let {statement.Quad} = {statement.Buffer}[{statement.Offset}]{(statement.Conditions.Count == 0 ? "" : $" where {Join(statement.Conditions)}")}";

    public string Visit(StoreQuad statement) => $"{statement.Buffer}[{statement.Offset}] := ({Join(statement.Values)})";

    public string Visit(ReduceThreads statement) =>
        $"let {statement.Variable} = {statement.Op} of {Print(statement.Value)} over {statement.Threads} threads modulo {statement.Width} in {statement.Shared}";

    public string Visit(DeclareMatrixTile statement) => $"matrices {statement.Tile}[{statement.Tile.Count}]";

    public string Visit(MultiplyMatrices statement) =>
        $"{statement.Tile}[{statement.First}…] += ({string.Join(", ", statement.A.Select(element => element.Name))}) × ({string.Join(", ", statement.B.Select(element => element.Name))})";

    public string Visit(ReadMatrixTile statement) => $"let {statement.Variable} = {statement.Tile}[{statement.Number}]";

    public string Visit(Number value) => value.Literal.ToString("R", CultureInfo.InvariantCulture);

    public string Visit(Variable value) => value.Name;

    public string Visit(TileElement value) => $"{value.Tile}[{value.Row}, {value.Column}]";

    public string Visit(LoadLanes value) => $"{value.Buffer}[{value.Offset}{Step(value.Stride)}, {value.Count} lanes]";

    public string Visit(LoadScalar value) => $"{value.Buffer}[{value.Offset}]";

    public string Visit(Operation value) => $"{value.Op}({Join(value.Args)})";

    public string Visit(MultiplyAdd value) => $"fma({Print(value.A)}, {Print(value.B)}, {Print(value.C)})";

    public string Visit(LaneIndex value) => $"lanes from {value.Start}";

    public string Visit(IndexNumber value) => $"number({value.Index})";

    public string Visit(MaskLanes value) => $"mask({Print(value.Masked)}, {value.Count}, {value.Fill.ToString("R", CultureInfo.InvariantCulture)})";

    public string Visit(ReduceLanes value) => $"{value.Op} of the lanes of {value.Vector}";

    public string Visit(RandomLanes value) => $"random({value.Stream}, {value.Row}, block {value.Block})";

    public string Visit(Broadcast value) => $"broadcast({Print(value.Scalar)})";

    public string Visit(RoundedToTf32 value) => $"tf32({Print(value.Exact)})";

    public string Visit(QuadLane value) => $"{value.Quad}.{value.Lane}";

    public string Visit(Guarded value) => $"({Print(value.Inside)} where {Join(value.Conditions)}, else 0)";

    public string Visit(RandomNumber value) => $"random({value.Stream}, {value.Row}, {value.Element})";

    private static string Step(int stride) => stride == 1 ? "" : $" step {stride}";
}
