using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// A contraction group. Each group of threads computes a block of the result from shared memory, one slice of the sum after another. Every result adds its terms in ascending
/// order in any block. The pointwise stages are applied to each result while it is in a register.
/// </summary>
internal sealed class ContractSchedule
{
    private readonly IndexVariable row = new("row");
    private readonly IndexVariable column;
    private readonly IndexVariable rowBlock = new("rowBlock");
    private readonly IndexVariable columnBlock = new("columnBlock");
    private readonly IndexVariable partial = new("split");

    private readonly StorageMap storages;
    private readonly Group group;
    private readonly ContractRoles roles;
    private readonly ContractShape shape;
    private readonly KernelBuilder kernel = new(ContractBlock.Reserved);
    private readonly List<Statement> body = [];
    private readonly IndexVariable outer;
    private readonly string name;
    private readonly Storage? partialSums;
    private readonly Storage result;

    private ContractSchedule(StorageMap storages, Group group, ContractShape shape, Storage? partialSums, string version = "")
    {
        this.storages = storages;
        this.group = group;
        this.shape = shape;
        this.partialSums = partialSums;
        result = storages.Of(group.Stored[0]);
        roles = shape.Roles;
        kernel.Read(shape.A.Storage);
        kernel.Read(shape.B.Storage);
        outer = new IndexVariable(kernel.Names.Unique("outer"));
        column = new IndexVariable(shape.IsInQuads ? "columnQuad" : "column");
        name = Names.Method(group.Name) + version;
    }

    /// <summary>
    /// The kernels of a group: for small and large batches, with and without tensor cores, as far as its shape benefits. If each column multiplies elements of its own, blocks
    /// have no benefit, and the product is scheduled as a sum.
    /// </summary>
    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group, bool usesTf32)
    {
        var result = storages.Of(group.Stored[0]);
        var roles = ContractRoles.Of(ContractLoops.Of((ContractNode)group.Anchor), result.Layout);
        if (roles.IsColumnInBoth) return SumSchedule.Build(storages, group);
        var shape = new ContractShape(group, roles, storages.Of);
        var partialSums = shape.Partials > 1 ? Partials() : null;
        var launches = new List<Launch>();
        var onTensorCores = usesTf32 ? shape.OnTensorCores() : null;
        Add(shape, "", onTensorCores is null ? null : false);
        if (onTensorCores is not null) Add(onTensorCores, "Tf32", true);
        if (partialSums is not null) launches.Add(new ContractSchedule(storages, group, shape, partialSums).Combine(partialSums));
        return launches;

        void Add(ContractShape small, string version, bool? tensorCores)
        {
            var wide = small.Wide();
            if (wide?.From != 1) launches.Add(Launch(small, version, new(tensorCores, Below: wide?.From)));
            if (wide is { } large) launches.Add(Launch(large.Shape, version + "Wide", new(tensorCores, From: large.From)));
        }

        // A partial sum has the layout of the result or is stored sample by sample. The group's stages are then applied when the partial sums are added.
        Storage Partials() => group.Anchor.Shape is { HasBatch: true } each
            ? storages.Scratch(group.Anchor, "Partials", Space.Batched, Strided.RowMajor(each), shape.Partials * each.Length)
            : storages.Scratch(group.Anchor, "Partials", Space.Fixed, result.Layout, shape.Partials * result.Length);

        Launch Launch(ContractShape own, string version, LaunchCase when) => new ContractSchedule(storages, group, own, partialSums, version).Main() with { When = when };
    }

    private Launch Main()
    {
        Position();
        var (from, to) = Bounds();
        var sums = shape.Tile.Block(shape, kernel, body, new ContractTerms(from, to, rowBlock, columnBlock, outer)).Sum();
        var finish = Finish();
        foreach (var finished in sums)
        {
            body.Add(new Call(finish, [.. finish.Buffers.Select(buffer => (buffer.Buffer, (Index)0))], [.. finish.Integers.Select(Argument)]) { Numbers = finished.Sums });

            Index Argument(IndexVariable integer) => integer == row ? finished.Row : integer == column ? finished.Column : integer;
        }

        var tile = shape.Tile;
        var remark = $"Blocks of {tile.BlockRows} × {tile.BlockColumns}, {tile}, "
            + $"slices of {tile.Slice} terms{(shape.Partials > 1 ? $", the sum split into {shape.Partials}" : "")}.";
        var formula = partialSums is null ? Formulas.Of(group) : Formulas.Of(group).Take(1);
        return kernel.Build(name, [.. formula, remark], body, [finish], new ThreadGroups(shape.Groups, tile.Threads));
    }

    /// <summary>Computes which block the group of threads works on. Columns vary fastest, so that adjacent groups share rows in the cache.</summary>
    private void Position()
    {
        Index rest = ThreadGroups.Group;
        Index Take(Index count)
        {
            var own = count.Literal == 1 ? 0 : rest % count;
            rest /= count;
            return own;
        }

        var ofColumns = Take(shape.ColumnBlocks);
        var isLast = shape.Partials == 1 && shape.Outer.Size.Literal == 1;
        var ofRows = isLast ? rest : Take(shape.RowBlocks);
        body.Add(new DeclareIndex(rowBlock, ofRows));
        body.Add(new DeclareIndex(columnBlock, ofColumns));
        if (shape.Partials > 1) body.Add(new DeclareIndex(partial, Take(shape.Partials)));
        if (shape.Outer.Size.Literal != 1) body.Add(new DeclareIndex(outer, rest));
    }

    private (Index From, Index To) Bounds()
    {
        if (shape.Partials == 1) return (0, shape.Summed.Size);
        var length = Index.CeilingDivide(shape.Summed.Size, shape.Partials);
        var (from, to) = (new IndexVariable("from"), new IndexVariable("to"));
        body.Add(new DeclareIndex(from, partial * length));
        body.Add(new DeclareIndex(to, Index.Min(from + length, shape.Summed.Size)));
        return (from, to);
    }

    /// <summary>The stages on finished sums, as a function that the threads call for all results they hold.</summary>
    private Function Finish()
    {
        var statements = new List<Statement>();
        var used = new List<Buffer>();
        var indices = new Index[roles.Domain.Rank];
        Decode(statements, kernel.Names, indices, row, shape.IsInQuads ? column * BlockTile.QuadSize : column, outer);
        Variable[] sums = shape.IsInQuads ? [.. Enumerable.Range(0, BlockTile.QuadSize).Select(lane => new Variable($"sum{lane}", false))] : [new Variable("sum", false)];
        var views = shape.IsInQuads ? new QuadViews(kernel, body) : null;
        if (partialSums is not null)
        {
            statements.AddRange(PointAt(kernel, indices, roles.Column, views, used.Add).Store(AccessOf(partialSums), partial * PartialStride(partialSums), sums));
        }
        else
        {
            Stages(kernel, statements, sums, indices, views, used.Add);
        }

        var buffers = used.Distinct().Select(buffer => new BufferParameter(buffer, true)).ToArray();
        List<IndexVariable> integers = [KernelBuilder.BatchSize, row, column];
        if (partialSums is not null) integers.Add(partial);
        if (shape.Outer.Size.Literal != 1) integers.Add(outer);
        var drawn = partialSums is null ? group.Members.SelectMany(member => member.Operands).Select(operand => operand.Node).OfType<RandomNode>() : [];
        integers.AddRange(drawn.Select(random => random.Stream).Distinct().Select(kernel.Stream));
        return new Function(
            name + "Finish", shape.IsInQuads ? "What becomes of four adjacent sums." : "What becomes of one sum.", buffers, integers,
            [new If([Condition.Less(row, shape.Rows.Size), Condition.Less(column, shape.IsInQuads ? shape.Columns.Size.DividedBy(BlockTile.QuadSize)! : shape.Columns.Size)], statements)])
        { Numbers = sums };
    }

    /// <summary>The elements of a result for one sum, or for the sums of four adjacent columns.</summary>
    private Point PointAt(KernelBuilder builder, IReadOnlyList<Index> indices, int axis, QuadViews? views, Action<Buffer>? use) =>
        views is null ? new Point(builder, storages, indices, use) : new QuadPoint(builder, storages, indices, axis, views, use);

    private void Decode(List<Statement> statements, Names names, Index[] indices, Index ofRow, Index ofColumn, Index ofOuter)
    {
        for (var axis = 0; axis < indices.Length; axis++) indices[axis] = 0;
        shape.Rows.Decode(ofRow, indices, statements, names, "row");
        shape.Outer.Decode(ofOuter, indices, statements, names, "outer");
        indices[roles.Column] = ofColumn;
    }

    /// <summary>Writes the group's pointwise stages on sums, and stores the results.</summary>
    private void Stages(KernelBuilder builder, List<Statement> statements, IReadOnlyList<Variable> sums, Index[] indices, QuadViews? views, Action<Buffer>? use)
    {
        var output = roles.IterationDomain.Output;
        var along = output.Coordinates.ToList().FindIndex(coordinate => coordinate.Terms.Any(term => term.Axis == roles.Column));
        var point = PointAt(builder, [.. output.Coordinates.Select(At)], along, views, use);
        Index logicalRow = 0;
        foreach (var axis in roles.IterationDomain.Kept.Where(axis => axis != roles.Column))
        {
            logicalRow = (logicalRow * KernelBuilder.Size(roles.Domain[axis])) + indices[axis];
        }

        StageWriter[] writers = [.. sums.Select(sum => new StageWriter(statements, builder.Names) { Known = { [group.Anchor] = sum } })];
        foreach (var map in group.Members.OfType<MapNode>())
        {
            for (var lane = 0; lane < writers.Length; lane++)
            {
                writers[lane].Compute(map, point.Context(writers[lane], logicalRow, indices[roles.Column], lane), isNamed: !group.IsUsedOnce(map));
            }
        }

        statements.AddRange(group.Stored.SelectMany(node => point.Store(node, [.. writers.Select(writer => writer.Known[node])])));

        Index At(Coordinate coordinate) =>
            coordinate.Terms.Aggregate((Index)coordinate.Offset, (position, term) => (indices[term.Axis] * term.Scale) + position);
    }

    /// <summary>The distance between two partial sums.</summary>
    private Index PartialStride(Storage partialSums) => (Index)(partialSums.Length / shape.Partials) * (partialSums.Space == Space.Batched ? KernelBuilder.BatchSize : 1);

    /// <summary>The results in a partial sum.</summary>
    private ElementAccess AccessOf(Storage partialSums) => ElementAccess.Of(new Operand(group.Anchor, roles.IterationDomain.Output), roles.Domain.Rank, _ => partialSums);

    /// <summary>Adds the partial sums in order, result by result, so that pads are not changed.</summary>
    private Launch Combine(Storage sums)
    {
        var indices = new Index[roles.Domain.Rank];
        var size = shape.Outer.Size * shape.Rows.Size * shape.Columns.Size;
        return SplitSums.Combine(
            name + "Sum", [$"{group.Anchor.Name} = the sum of {shape.Partials} partial sums, in order", .. Formulas.Of(group).Skip(1)], sums, shape.Partials, PartialStride(sums), size, At,
            (combine, statements, sum, _) => Stages(combine, statements, [sum], indices, null, null));

        Index At(Names names, List<Statement> statements, Index element)
        {
            var rest = element / shape.Columns.Size;
            Decode(
                statements, names, indices,
                shape.Outer.Size.Literal == 1 ? rest : rest % shape.Rows.Size, element % shape.Columns.Size, rest / shape.Rows.Size);
            var position = new IndexVariable("position");
            statements.Add(new DeclareIndex(position, AccessOf(sums).At(indices)));
            return position;
        }
    }
}
