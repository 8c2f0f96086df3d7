using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit;

/// <summary>
/// The names of a function's symbols in C#: the name of each symbol, followed by a number if another symbol in scope has the same name. In C#, a name must not be declared in two
/// nested blocks, even if the outer declaration comes later.
/// </summary>
internal sealed class SymbolNames : LoopWalker
{
    private readonly Dictionary<ISymbol, string> names = [];
    private readonly Dictionary<TileElement, string> elements = [];
    private readonly HashSet<string> taken;
    private readonly Stack<string> scope = [];
    private readonly IndexPrinter printer;

    /// <summary>Names the symbols of a function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="known">The symbols that it uses in addition to its parameters.</param>
    /// <param name="reserved">Names that no symbol may have.</param>
    /// <param name="expressions">Symbols that are written as expressions.</param>
    /// <param name="printerOf">Makes the printer of indices from the names of variables; null for plain C#.</param>
    public SymbolNames(Function function, IEnumerable<ISymbol> known, IEnumerable<string> reserved, IEnumerable<(ISymbol Symbol, string Expression)>? expressions = null,
        Func<Func<IndexVariable, string>, IndexPrinter>? printerOf = null)
    {
        taken = [.. reserved];
        foreach (var (symbol, expression) in expressions ?? []) names.Add(symbol, expression);
        printer = printerOf?.Invoke(variable => this[variable]) ?? new IndexPrinter(variable => this[variable], "Math.Min", "Math.Max");
        ISymbol[] parameters = [.. function.Buffers.Select(parameter => parameter.Buffer), .. function.Integers, .. function.Numbers, .. known];
        foreach (var symbol in parameters) Declares(symbol);
        Walk(function.Body);
    }

    /// <summary>Writes an index of a step. Its only variable is the batch size.</summary>
    public static string OfStep(Index index) => Step.Print(index);

    private static IndexPrinter Step { get; } = new(variable => variable.Name, "Math.Min", "Math.Max");

    /// <summary>The name of a symbol.</summary>
    /// <exception cref="InvalidOperationException">The symbol is not declared.</exception>
    public string this[ISymbol symbol] =>
        names.TryGetValue(symbol, out var name) ? name : throw new InvalidOperationException($"'{symbol.Name}' is used, but declared nowhere.");

    /// <summary>The name of an element of a tile.</summary>
    public string Of(TileElement element) => elements[element];

    /// <summary>The text of an index.</summary>
    public string Of(Index index) => printer.Print(index);

    /// <summary>The text of conditions that must all hold.</summary>
    public string Of(IReadOnlyList<Condition> conditions) => printer.Print(conditions);

    public override void Walk(IReadOnlyList<Statement> body)
    {
        var outside = scope.Count;

        // Declarations of the block itself come first, because nested blocks must not hide them.
        foreach (var statement in body.Where(statement => statement is not (Loop or If))) Walk(statement);
        foreach (var statement in body.Where(statement => statement is Loop or If)) Walk(statement);
        Leave(outside);
    }

    public override Nothing Visit(Loop statement)
    {
        var outside = scope.Count;
        base.Visit(statement);
        Leave(outside);
        return default;
    }

    // Values contain no declarations.
    public override void Walk(Value value)
    {
    }

    public override void Walk(Index index)
    {
    }

    protected override void Declares(ISymbol symbol)
    {
        if (symbol is RegisterTile tile)
        {
            for (var row = 0; row < tile.Rows; row++)
            {
                for (var column = 0; column < tile.Columns; column++) elements[tile[row, column]] = Unique(ElementName(tile, row, column));
            }
        }
        else if (names.TryGetValue(symbol, out var name))
        {
            // Consecutive loops may share a variable.
            if (!taken.Add(name)) throw new InvalidOperationException($"'{name}' is declared where it is known already.");
            scope.Push(name);
        }
        else
        {
            names.Add(symbol, Unique(symbol.Name));
        }
    }

    private static string ElementName(RegisterTile tile, int row, int column) =>
        tile.IsVector ? $"{tile.Name}{row}{(char)('a' + column)}" : tile.Rows <= 10 && tile.Columns <= 10 ? $"{tile.Name}{row}{column}" : $"{tile.Name}{row}_{column}";

    private string Unique(string wanted)
    {
        var name = wanted;
        for (var i = 2; !taken.Add(name); i++) name = char.IsDigit(wanted[wanted.Length - 1]) ? $"{wanted}_{i}" : $"{wanted}{i}";
        scope.Push(name);
        return name;
    }

    private void Leave(int outside)
    {
        while (scope.Count > outside) taken.Remove(scope.Pop());
    }
}
