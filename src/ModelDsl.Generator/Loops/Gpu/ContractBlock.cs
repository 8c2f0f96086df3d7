using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// The sums of a block: slices of both operands are copied into shared memory, four numbers at a time and with zeros behind every edge, and each
/// thread multiplies from there into its 4 × 4 named sums.
/// </summary>
internal sealed class ContractBlock(ContractShape shape, KernelBuilder kernel, List<Statement> body, string outer)
{
    /// <summary>Terms written out one after the other in a turn of the innermost loop.</summary>
    private const int Unrolled = 4;

    private const string Slice = "slice";
    private const int Quad = ContractShape.Tile;

    /// <summary>Names its statements use beside those the kernel makes up.</summary>
    public static readonly string[] Reserved =
    [
        "sum", "k", Slice, "firstRow", "firstColumn", "quadRow", "quadColumn", "threadRow", "threadColumn",
        .. Enumerable.Range(0, Unrolled).SelectMany(turn => new[] { $"a{turn}", $"b{turn}" }),
        .. Enumerable.Range(0, Quad * Quad).Select(i => $"sum{i / Quad}{i % Quad}"),
    ];

    private readonly string tileA = kernel.Names.Unique("rowsShared");
    private readonly string tileB = kernel.Names.Unique("columnsShared");
    private readonly Variable[,] sums = new Variable[Quad, Quad];

    /// <summary>The finished sums with their places.</summary>
    public IEnumerable<(Index Row, Index Column, Variable Sum)> Results =>
        from i in Enumerable.Range(0, Quad)
        from j in Enumerable.Range(0, Quad)
        select ((Index)"threadRow" + i, (Index)"threadColumn" + j, sums[i, j]);

    private int RowQuads => shape.BlockRows / Quad;

    private int ColumnQuads => shape.BlockColumns / Quad;

    /// <summary>Sums the terms of a range.</summary>
    public void Sum(Index from, Index to)
    {
        body.Add(new SharedMemory(tileA, ContractShape.Slice * RowQuads, IsQuads: true));
        body.Add(new SharedMemory(tileB, ContractShape.Slice * ColumnQuads, IsQuads: true));
        Index thread = ThreadGroups.Thread;
        body.Add(new DeclareIndex("quadRow", thread / ColumnQuads));
        body.Add(new DeclareIndex("quadColumn", thread % ColumnQuads));
        body.Add(new DeclareIndex("threadRow", (Index)"firstRow" + ((Index)"quadRow" * Quad)));
        body.Add(new DeclareIndex("threadColumn", (Index)"firstColumn" + ((Index)"quadColumn" * Quad)));
        for (var i = 0; i < Quad; i++)
        {
            for (var j = 0; j < Quad; j++)
            {
                sums[i, j] = new Variable($"sum{i}{j}", false);
                body.Add(new Declare(sums[i, j].Name, new Number(0), Mutable: true));
            }
        }

        var inner = new List<Statement>();
        Stage(inner, tileA, RowQuads, shape.A, (index, number) => shape.Rows.Decode(number, index), "firstRow", shape.Rows.Size, shape.Rows.Innermost, shape.BlockRows, to);
        Stage(
            inner, tileB, ColumnQuads, shape.B, (index, number) => index[shape.Roles.Column] = number, "firstColumn", shape.Columns, shape.Roles.Column, shape.BlockColumns, to);
        inner.Add(new GroupBarrier());
        inner.Add(new Loop("k", 0, ContractShape.Slice, Unrolled, Multiply()));
        inner.Add(new GroupBarrier());
        body.Add(new Loop(Slice, from, to, ContractShape.Slice, inner));
    }

    /// <summary>
    /// Copies a slice of an operand. Neighbouring threads take neighbours in memory: terms where the sum runs along memory, and sides otherwise.
    /// </summary>
    private void Stage(
        List<Statement> inner, string tile, int quads, ElementAccess access, Action<Index[], Index> decode, Index first, Index size, int side, int block, Index to)
    {
        var alongTerms = shape.Summed.Innermost >= 0 && access.IsAlong(shape.Summed.Innermost) && !(side >= 0 && access.IsAlong(side));
        var total = ContractShape.Slice * quads;
        for (var copy = 0; copy < total; copy += shape.Threads)
        {
            var number = (Index)ThreadGroups.Thread + copy;
            var term = kernel.Names.Unique("term");
            var quad = kernel.Names.Unique("quad");
            var statements = new List<Statement>
            {
                new DeclareIndex(term, alongTerms ? number % ContractShape.Slice : number / quads),
                new DeclareIndex(quad, alongTerms ? number / ContractShape.Slice : number % quads),
            };
            var values = new List<Value>();
            for (var lane = 0; lane < Quad; lane++)
            {
                var at = first + ((Index)quad * Quad) + lane;
                var indices = Enumerable.Repeat((Index)0, shape.Roles.Domain.Rank).ToArray();
                shape.Outer.Decode(outer, indices);
                shape.Summed.Decode((Index)Slice + term, indices);
                decode(indices, at);
                shape.Roles.Nest.Follow(indices);
                var conditions = new List<Condition>(shape.Roles.Nest.Exist(indices));
                if (to.Literal is not { } terms || terms % ContractShape.Slice != 0) conditions.Add(Condition.Less((Index)Slice + term, to));
                if (size.Literal is not { } sides || sides % block != 0) conditions.Add(Condition.Less(at, size));
                Value value = new LoadScalar(kernel.Read(access.Storage), access.At(indices), access.Storage.Type);
                values.Add(conditions.Count == 0 ? value : new Guarded(conditions, value));
            }

            statements.Add(new StoreQuad(tile, ((Index)term * quads) + quad, values));
            inner.AddRange(statements);
        }
    }

    private List<Statement> Multiply()
    {
        var statements = new List<Statement>();
        for (var turn = 0; turn < Unrolled; turn++)
        {
            var (a, b) = ($"a{turn}", $"b{turn}");
            statements.Add(new LoadQuad(a, tileA, (((Index)"k" + turn) * RowQuads) + "quadRow"));
            statements.Add(new LoadQuad(b, tileB, (((Index)"k" + turn) * ColumnQuads) + "quadColumn"));
            foreach (var (i, j) in from i in Enumerable.Range(0, Quad) from j in Enumerable.Range(0, Quad) select (i, j))
            {
                var product = new Operation(ScalarOp.Multiply, [new QuadLane(a, i), new QuadLane(b, j)]);
                statements.Add(new Assign(sums[i, j].Name, new Operation(ScalarOp.Add, [sums[i, j], product])));
            }
        }

        return statements;
    }
}
