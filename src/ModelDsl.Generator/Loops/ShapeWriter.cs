namespace ModelDsl.Generator.Loops;

/// <summary>Writes a program as numbers: for each node its kind and its properties, for each symbol its number in the order of first appearance.</summary>
internal sealed class ShapeWriter : LoopWalker
{
    private readonly List<int> numbers = [];
    private readonly Dictionary<ISymbol, int> symbols = [];
    private readonly NodeProperties properties;

    public ShapeWriter() => properties = new NodeProperties(numbers);

    public int[] ToArray() => [.. numbers];

    /// <summary>Adds the functions of a kernel.</summary>
    public void Add(Kernel kernel)
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
                numbers.AddRange([tile.Rows, tile.Columns, tile.IsVector ? 1 : 0]);
                break;
            case MatrixTile tile:
                numbers.Add(tile.Count);
                break;
        }
    }
}
