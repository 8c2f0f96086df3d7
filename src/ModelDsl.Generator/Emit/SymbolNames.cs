using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit;

/// <summary>
/// The names of a function's symbols in C#: each symbol's own, or with a number where another symbol that can be seen has it. C# knows no name twice where
/// one is within the other's block, also where the outer one is declared later.
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
    /// <param name="known">What it sees beside its parameters.</param>
    /// <param name="reserved">What no symbol can be called.</param>
    /// <param name="expressions">Symbols for which expressions are written.</param>
    public SymbolNames(Function function, IEnumerable<ISymbol> known, IEnumerable<string> reserved, IEnumerable<(ISymbol Symbol, string Expression)>? expressions = null)
    {
        taken = [.. reserved];
        foreach (var (symbol, expression) in expressions ?? []) names.Add(symbol, expression);
        printer = new IndexPrinter(variable => this[variable], "Math.Min", "Math.Max");
        ISymbol[] parameters = [.. function.Buffers.Select(parameter => parameter.Buffer), .. function.Integers, .. function.Numbers, .. known];
        foreach (var symbol in parameters) Declares(symbol);
        Walk(function.Body);
    }

    /// <summary>An index of what a step knows without any function: the batch size.</summary>
    public static string OfStep(Index index) => Step.Print(index);

    private static IndexPrinter Step { get; } = new(variable => variable.Name, "Math.Min", "Math.Max");

    /// <summary>The name of a symbol.</summary>
    /// <exception cref="InvalidOperationException">Nothing declares it.</exception>
    public string this[ISymbol symbol] =>
        names.TryGetValue(symbol, out var name) ? name : throw new InvalidOperationException($"'{symbol.Name}' is used, but declared nowhere.");

    /// <summary>The name of an element of a tile.</summary>
    public string Of(TileElement element) => elements[element];

    /// <summary>The text of an index.</summary>
    public string Of(Index index) => printer.Print(index);

    /// <summary>The text of conditions that must all hold.</summary>
    public string Of(IEnumerable<Condition> conditions) =>
        string.Join(" && ", conditions.Select(condition => $"{Of(condition.Left)} {(condition.Comparison == Comparison.Equal ? "==" : "<")} {Of(condition.Right)}"));

    public override void Walk(IReadOnlyList<Statement> body)
    {
        var outside = scope.Count;

        // What the block itself declares first: no block inside may hide it.
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

    // What stands in them declares nothing.
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
            // One variable of several loops, one after the other.
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
