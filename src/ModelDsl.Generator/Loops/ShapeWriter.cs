namespace ModelDsl.Generator.Loops;

/// <summary>Writes a program as numbers: for each node its kind and its properties, for each symbol its number in the order of first appearance.</summary>
internal sealed class ShapeWriter : LoopWalker
{
    // Lists that grow again for each of thousands of programs would be a tenth of all memory that the compiler allocates.
    [ThreadStatic]
    private static List<int>? spare;

    private readonly List<int> numbers;
    private readonly Dictionary<ISymbol, int> symbols = [];
    private readonly NodeProperties properties;

    private ShapeWriter(List<int> numbers)
    {
        this.numbers = numbers;
        properties = new NodeProperties(numbers);
    }

    /// <summary>The numbers of a kernel.</summary>
    public static int[] NumbersOf(Kernel kernel)
    {
        var numbers = spare ?? [];
        spare = null;
        new ShapeWriter(numbers).Add(kernel);
        var result = numbers.ToArray();
        numbers.Clear();
        spare = numbers;
        return result;
    }

    /// <summary>Adds the functions of a kernel.</summary>
    private void Add(Kernel kernel)
    {
        Add(kernel.Main);
        foreach (var tile in kernel.Tiles) Add(tile);
    }

    // The symbols of each function are numbered from 0, because functions may share symbols.
    private void Add(Function function)
    {
        symbols.Clear();
        properties.Add(function);
        foreach (var parameter in function.Buffers) Add(parameter.Buffer);
        foreach (var integer in function.Integers) Add((ISymbol)integer);
        foreach (var number in function.Numbers) Add((ISymbol)number);
        Walk(function.Body);
    }

    public override void Walk(IReadOnlyList<Statement> body)
    {
        numbers.Add(body.Count);
        base.Walk(body);
    }

    public override void Walk(Statement statement)
    {
        statement.Accept(properties);
        base.Walk(statement);
    }

    public override void Walk(Value value)
    {
        value.Accept(properties);
        base.Walk(value);
    }

    public override void Walk(Index index)
    {
        index.Accept(properties);
        base.Walk(index);
    }

    protected override void Declares(ISymbol symbol) => Add(symbol);

    protected override void Uses(ISymbol symbol) => Add(symbol);

    private void Add(ISymbol symbol)
    {
        if (!symbols.TryGetValue(symbol, out var number)) symbols.Add(symbol, number = symbols.Count);
        numbers.Add(number);
        switch (symbol)
        {
            case Buffer buffer:
                numbers.Add((int)buffer.Element);
                break;
            case RegisterTile tile:
                numbers.Add(tile.Rows);
                numbers.Add(tile.Columns);
                numbers.Add(tile.IsVector ? 1 : 0);
                break;
            case MatrixTile tile:
                numbers.Add(tile.Count);
                break;
        }
    }
}
