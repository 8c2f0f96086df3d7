using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit;

/// <summary>Writes statements of kernels as C#, as far as they are the same for every target.</summary>
/// <param name="writer">The writer of the method.</param>
/// <param name="names">The names of the function's symbols.</param>
internal abstract class StatementWriter(CodeWriter writer, SymbolNames names) : IStatementVisitor<Nothing>
{
    /// <summary>The writer of the method.</summary>
    protected CodeWriter Writer { get; } = writer;

    protected SymbolNames Names { get; } = names;

    /// <summary>The arguments for functions that draw random numbers: the key and the step.</summary>
    public static IEnumerable<string> RandomArguments(Function function) => function.IsRandom ? ["seed", "number"] : [];

    /// <summary>The parameters of functions that draw random numbers.</summary>
    public static IEnumerable<string> RandomParameters(Function function) => function.IsRandom ? ["ulong seed", "uint number"] : [];

    /// <summary>Writes statements in order.</summary>
    public void Write(IReadOnlyList<Statement> statements)
    {
        foreach (var statement in statements) statement.Accept(this);
    }

    /// <summary>The text of a single number.</summary>
    protected abstract string Scalar(Value value);

    protected Nothing Line(string line)
    {
        Writer.Line(line);
        return default;
    }

    protected static InvalidOperationException Unwritable(Statement statement) => new($"The target cannot write '{statement}'.");

    public virtual Nothing Visit(Declare statement) =>
        Line($"{(statement.Value is LoadScalar ? "float" : "var")} {Names[statement.Variable]} = {Scalar(statement.Value)};");

    public virtual Nothing Visit(DeclareTile statement)
    {
        for (var row = 0; row < statement.Tile.Rows; row++)
        {
            for (var column = 0; column < statement.Tile.Columns; column++) DeclareElement(statement, statement.Tile[row, column]);
        }

        return default;
    }

    public virtual Nothing Visit(Assign statement) => Line($"{Scalar(statement.Target)} = {Scalar(statement.Value)};");

    public abstract Nothing Visit(StoreLanes statement);

    public Nothing Visit(StoreScalar statement) => Line($"{Names[statement.Buffer]}[{Names.Of(statement.Offset)}] = {Scalar(statement.Value)};");

    public Nothing Visit(DeclareIndex statement) => Line($"var {Names[statement.Variable]} = {Names.Of(statement.Value)};");

    public Nothing Visit(LoadIndex statement) => Line($"var {Names[statement.Variable]} = {Names[statement.Buffer]}[{Names.Of(statement.Offset)}];");

    public abstract Nothing Visit(DeclareCursor statement);

    public abstract Nothing Visit(Advance statement);

    public Nothing Visit(Loop statement)
    {
        var variable = Names[statement.Variable];
        var step = statement.Step.Literal == 1 ? $"{variable}++" : $"{variable} += {Names.Of(statement.Step)}";
        using (Writer.Block($"for (var {variable} = {Names.Of(statement.From)}; {variable} < {Names.Of(statement.To)}; {step})")) Write(statement.Body);
        return default;
    }

    public Nothing Visit(If statement)
    {
        using (Writer.Block($"if ({Names.Of(statement.Conditions)})")) Write(statement.Then);
        while (statement.Else.Count == 1 && statement.Else[0] is If next)
        {
            statement = next;
            using (Writer.Block($"else if ({Names.Of(statement.Conditions)})")) Write(statement.Then);
        }

        if (statement.Else.Count == 0) return default;
        using (Writer.Block("else")) Write(statement.Else);
        return default;
    }

    public abstract Nothing Visit(Call statement);

    public abstract Nothing Visit(TransposeBlock statement);

    public abstract Nothing Visit(Prefetch statement);

    public abstract Nothing Visit(DeclareArray statement);

    public abstract Nothing Visit(GroupBarrier statement);

    public abstract Nothing Visit(DeclareView statement);

    public abstract Nothing Visit(LoadQuad statement);

    public abstract Nothing Visit(StoreQuad statement);

    public abstract Nothing Visit(ReduceThreads statement);

    public abstract Nothing Visit(DeclareMatrixTile statement);

    public abstract Nothing Visit(MultiplyMatrices statement);

    public abstract Nothing Visit(ReadMatrixTile statement);

    /// <summary>Declares one element of a tile.</summary>
    protected virtual void DeclareElement(DeclareTile statement, TileElement element) => Line($"var {Names.Of(element)} = {Scalar(statement.Value)};");
}
