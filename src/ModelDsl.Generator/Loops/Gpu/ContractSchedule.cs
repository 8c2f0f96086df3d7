using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// A contraction group: each group of threads computes a block of the result, slice by slice of the sum, from shared memory. Every result adds its
/// terms in ascending order whatever block it falls in. The pointwise stages follow on each result while it is in a register.
/// </summary>
internal sealed class ContractSchedule
{
    private const string Row = "row";
    private const string Column = "column";
    private const string Piece = "piece";

    private readonly StorageMap storages;
    private readonly Group group;
    private readonly ContractRoles roles;
    private readonly ContractShape shape;
    private readonly KernelBuilder kernel = new(ContractBlock.Reserved);
    private readonly List<Statement> body = [];
    private readonly string outerName;
    private readonly string name;
    private readonly Storage? partial;
    private readonly Storage result;

    private ContractSchedule(StorageMap storages, Group group, ContractShape shape, Storage? partial, string version = "")
    {
        this.storages = storages;
        this.group = group;
        this.shape = shape;
        this.partial = partial;
        result = storages.Of(group.Stored[0]);
        roles = shape.Roles;
        kernel.Read(shape.A.Storage);
        kernel.Read(shape.B.Storage);
        outerName = kernel.Names.Unique("outer");
        name = Names.Method(group.Name) + version;
    }

    /// <summary>
    /// The kernels of a group: for small batches and large ones, with and without tensor cores, as far as its shape has use for them. Where each column multiplies
    /// elements of its own, nothing is gained by blocks: such products are sums.
    /// </summary>
    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group, bool usesTf32)
    {
        var result = storages.Of(group.Stored[0]);
        var roles = ContractRoles.Of((ContractNode)group.Anchor, result.Layout);
        if (roles.IsColumnInBoth) return SumSchedule.Build(storages, group);
        var shape = new ContractShape(group, roles, storages.Of);
        var partial = shape.Pieces > 1 ? Pieces() : null;
        var launches = new List<Launch>();
        var onTensorCores = usesTf32 ? shape.OnTensorCores() : null;
        Add(shape, "", onTensorCores is null ? null : false);
        if (onTensorCores is not null) Add(onTensorCores, "Tf32", true);
        if (partial is not null) launches.Add(new ContractSchedule(storages, group, shape, partial).Combine(partial));
        return launches;

        void Add(ContractShape small, string version, bool? tensorCores)
        {
            var wide = small.Wide();
            if (wide?.From != 1) launches.Add(Launch(small, version, new(tensorCores, Below: wide?.From)));
            if (wide is { } large) launches.Add(Launch(large.Shape, version + "Wide", new(tensorCores, From: large.From)));
        }

        // Each piece lies as the result does, or sample by sample: then the group's stages follow when they are added.
        Storage Pieces() => group.Anchor.Shape is { HasBatch: true } each
            ? storages.Scratch(group.Anchor.Name + "Pieces", Space.Batched, Strided.RowMajor(each), shape.Pieces * each.Length)
            : storages.Scratch(group.Anchor.Name + "Pieces", Space.Fixed, result.Layout, shape.Pieces * result.Length);

        Launch Launch(ContractShape own, string version, LaunchCase when) => new ContractSchedule(storages, group, own, partial, version).Main() with { When = when };
    }

    private Launch Main()
    {
        Place();
        var (from, to) = Bounds();
        var sums = shape.Tile.Block(shape, kernel, body, new ContractTerms(from, to, outerName)).Sum();
        var finish = Finish();
        foreach (var (row, column, sum) in sums)
        {
            body.Add(new Call(finish, [.. finish.Buffers.Select(buffer => (buffer.Name, (Index)0))], [.. finish.Integers.Select(Argument)]) { Numbers = [sum] });

            Index Argument(string integer) => integer == Row ? row : integer == Column ? column : integer;
        }

        var tile = shape.Tile;
        var remark = $"Blocks of {tile.BlockRows} × {tile.BlockColumns}, {tile}, "
            + $"slices of {tile.Slice} terms{(shape.Pieces > 1 ? $", the sum in {shape.Pieces} pieces" : "")}.";
        var formula = partial is null ? Formulas.Of(group) : Formulas.Of(group).Take(1);
        return kernel.Build(name, [.. formula, remark], body, [finish], new ThreadGroups(shape.Groups, tile.Threads));
    }

    /// <summary>Which block this group works on: columns run fastest, so that neighbours share rows in the cache.</summary>
    private void Place()
    {
        Index rest = ThreadGroups.Group;
        Index Take(Index count)
        {
            var own = count.Literal == 1 ? 0 : rest % count;
            rest /= count;
            return own;
        }

        var columnBlock = Take(shape.ColumnBlocks);
        var isLast = shape.Pieces == 1 && shape.Outer.Size.Literal == 1;
        var rowBlock = isLast ? rest : Take(shape.RowBlocks);
        body.Add(new DeclareIndex(ContractBlock.RowBlock, rowBlock));
        body.Add(new DeclareIndex(ContractBlock.ColumnBlock, columnBlock));
        if (shape.Pieces > 1) body.Add(new DeclareIndex(Piece, Take(shape.Pieces)));
        if (shape.Outer.Size.Literal != 1) body.Add(new DeclareIndex(outerName, rest));
    }

    private (Index From, Index To) Bounds()
    {
        if (shape.Pieces == 1) return (0, shape.Summed.Size);
        var length = Index.CeilingDivide(shape.Summed.Size, shape.Pieces);
        body.Add(new DeclareIndex("from", (Index)Piece * length));
        body.Add(new DeclareIndex("to", Index.Min((Index)"from" + length, shape.Summed.Size)));
        return ("from", "to");
    }

    /// <summary>What becomes of one finished sum, as a function the threads call for each result they hold.</summary>
    private Function Finish()
    {
        var statements = new List<Statement>();
        var used = new List<Storage>();
        var indices = new Index[roles.Domain.Rank];
        Decode(statements, kernel.Names, indices, Row, Column, outerName);
        if (partial is not null)
        {
            used.Add(partial);
            statements.Add(new StoreScalar(kernel.Write(partial), PlaceOf(partial, indices) + ((Index)Piece * PieceOf(partial)), new Variable("sum", false)));
        }
        else
        {
            Stages(kernel, statements, new Variable("sum", false), indices, storage => used.Add(storage.Whole));
        }

        var buffers = used.Distinct().Select(storage => new BufferParameter(kernel.Read(storage), storage.Type, true)).ToArray();
        List<string> integers = [KernelBuilder.BatchSize, Row, Column];
        if (partial is not null) integers.Add(Piece);
        if (shape.Outer.Size.Literal != 1) integers.Add(outerName);
        var drawn = partial is null ? group.Members.SelectMany(member => member.Operands).Select(operand => operand.Node).OfType<RandomNode>() : [];
        integers.AddRange(drawn.Select(random => random.Stream).Distinct().Select(stream => kernel.Stream(stream).ToString()));
        return new Function(
            name + "Finish", "What becomes of one sum.", buffers, integers,
            [new Guard([Condition.Less(Row, shape.Rows.Size), Condition.Less(Column, shape.Columns.Size)], statements)])
        { Numbers = ["sum"] };
    }

    private void Decode(List<Statement> statements, Names names, Index[] indices, Index row, Index column, Index outer)
    {
        for (var axis = 0; axis < indices.Length; axis++) indices[axis] = 0;
        shape.Rows.Decode(row, indices, statements, names, "row");
        shape.Outer.Decode(outer, indices, statements, names, "outer");
        indices[roles.Column] = column;
    }

    /// <summary>The group's pointwise stages on a sum, and the results.</summary>
    private void Stages(KernelBuilder builder, List<Statement> statements, Variable sum, Index[] indices, Action<Storage>? use)
    {
        var output = roles.Nest.Output;
        var point = new Point(builder, storages, [.. output.Coordinates.Select(At)], use);
        Index logicalRow = 0;
        foreach (var axis in roles.Nest.Kept.Where(axis => axis != roles.Column))
        {
            logicalRow = (logicalRow * KernelBuilder.Size(roles.Domain[axis])) + indices[axis];
        }

        var writer = new StageWriter(statements, builder.Names) { Known = { [group.Anchor] = sum } };
        foreach (var map in group.Members.OfType<MapNode>())
        {
            writer.Compute(map, point.Place(writer, logicalRow, indices[roles.Column]), isNamed: !group.IsUsedOnce(map));
        }

        statements.AddRange(group.Stored.Select(node => point.Store(node, IndexMap.Identity(output.Rank), writer.Known[node])));

        Index At(Coordinate coordinate) =>
            coordinate.Terms.Aggregate((Index)coordinate.Offset, (position, term) => (indices[term.Axis] * term.Scale) + position);
    }

    /// <summary>From one piece to the next.</summary>
    private Index PieceOf(Storage pieces) => (Index)(pieces.Length / shape.Pieces) * (pieces.Space == Space.Batched ? (Index)KernelBuilder.BatchSize : 1);

    /// <summary>Where a result lies in its piece.</summary>
    private Index PlaceOf(Storage pieces, Index[] indices) => ElementAccess.Of(new Operand(group.Anchor, roles.Nest.Output), indices.Length, _ => pieces).At(indices);

    /// <summary>Adds the pieces in order, result by result, so that pads stay as they are.</summary>
    private Launch Combine(Storage pieces)
    {
        var indices = new Index[roles.Domain.Rank];
        var size = shape.Outer.Size * shape.Rows.Size * shape.Columns.Size;
        return SumPieces.Combine(
            name + "Sum", [$"{group.Anchor.Name} = the sum of {shape.Pieces} pieces, in order", .. Formulas.Of(group).Skip(1)], pieces, shape.Pieces, PieceOf(pieces), size, At,
            (combine, statements, sum, _) => Stages(combine, statements, sum, indices, null));

        Index At(Names names, List<Statement> statements, Index element)
        {
            var rest = element / shape.Columns.Size;
            Decode(
                statements, names, indices,
                shape.Outer.Size.Literal == 1 ? rest : rest % shape.Rows.Size, element % shape.Columns.Size, rest / shape.Rows.Size);
            statements.Add(new DeclareIndex("position", PlaceOf(pieces, indices)));
            return "position";
        }
    }
}
