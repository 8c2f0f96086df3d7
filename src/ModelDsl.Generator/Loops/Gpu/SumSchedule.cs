using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// A sum over any axes, including sums of products. A group of threads computes several adjacent results, each in a number of strands that is a literal of the kernel. Strand s
/// adds the terms s, s + strands, …, and a fixed tree adds the strands. Long sums are also split into a fixed number of partial sums. For short sums with many results, one
/// thread computes each result.
/// </summary>
internal sealed class SumSchedule
{
    /// <summary>The number of results of a group of threads, if they are adjacent in memory.</summary>
    private const int Neighbours = 32;

    /// <summary>The greatest number of terms that one thread adds alone, if the batch provides enough results for all threads.</summary>
    private const int FewTerms = 64;

    private readonly StorageMap storages;
    private readonly Group group;
    private readonly ReduceNode reduce;
    private readonly IterationDomain iterations;
    private readonly KernelBuilder kernel = new();
    private readonly Flattening kept;
    private readonly Flattening summed;
    private readonly int width;
    private readonly int partials;

    private SumSchedule(StorageMap storages, Group group)
    {
        this.storages = storages;
        this.group = group;
        reduce = group.Anchor as ReduceNode ?? SumOf((ContractNode)group.Anchor);
        var read = reduce.Operands.Where(operand => Operands.IsRead(operand, group)).ToArray();
        iterations = IterationDomain.Of(reduce.Name, reduce.Domain, reduce.Output, reduce.Shape, read);
        var domain = iterations.Domain;
        var accesses = read.Select(operand => ElementAccess.Of(operand, domain.Rank, storages.Of)).ToList();
        foreach (var access in accesses) kernel.Read(access.Storage);
        var isIndexed = Operands.AsksForIndex([reduce]);
        bool IsSeparate(int axis) => isIndexed || iterations.IsInWindow(axis);

        // Results are numbered in the order of their layout: by coordinate, and within a coordinate with two axes, the axis with the larger stride first.
        int[] keptAxes = [.. iterations.Output.Coordinates.SelectMany(coordinate => coordinate.Terms.OrderByDescending(term => term.Scale)).Select(term => term.Axis)];
        kept = new Flattening(domain, keptAxes, accesses, IsSeparate);
        summed = new Flattening(domain, iterations.Summed, accesses, IsSeparate);
        var isShort = domain.HasBatch && keptAxes.Contains(0) && summed.Size.Literal <= FewTerms;
        width = isShort ? GpuSchedule.Threads : keptAxes.Contains(reduce.Domain.Rank - 1) ? Neighbours : 1;
        partials = reduce.Op == ReduceOp.Sum ? Partials(domain, keptAxes) : 1;
    }

    public static IReadOnlyList<Launch> Build(StorageMap storages, Group group) => new SumSchedule(storages, group).Build();

    private static ReduceNode SumOf(ContractNode contract) => new(
        contract.Name, contract.Shape, ReduceOp.Sum, contract.Domain, contract.Output, Expressions.Multiply(Expressions.Input(0), Expressions.Input(1)), [.. contract.Operands]);

    private int Strands => GpuSchedule.Threads / width;

    private Index Blocks => Index.CeilingDivide(kept.Size, width);

    /// <summary>The number of partial sums. Sums over the batch whose results fill few groups are split; the cost of a partial sum is one more partial result.</summary>
    private int Partials(Shape domain, int[] keptAxes)
    {
        if (!domain.HasBatch || keptAxes.Contains(0) || Blocks.Literal is not { } blocks) return 1;
        return width > 1 || domain.Length >= GpuSchedule.Threads ? SplitSums.For(blocks) : 1;
    }

    private List<Launch> Build()
    {
        var name = Names.Method(group.Name);
        if (partials == 1) return [Main(name, null)];
        var floats = reduce.Shape.Length;
        var partialSums = storages.Scratch(group.Anchor, "Partials", Space.Fixed, Strided.RowMajor(reduce.Shape), partials * floats);
        var main = Main(name, partialSums);
        return [main, SplitSums.Combine(
            name + "Sum", [$"{reduce.Name} = the sum of {partials} partial sums, in order"], partialSums, partials, floats, floats, (_, _, element) => element,
            (combine, body, sum, element) => Finish(combine, body, sum, element))];
    }

    private Launch Main(string name, Storage? partialSums)
    {
        var shared = new Buffer(kernel.Names.Unique("shared"));
        var (partial, term) = (new IndexVariable("split"), new IndexVariable("term"));
        var body = new List<Statement>();
        if (Strands > 1) body.Add(new DeclareArray(shared, GpuSchedule.Threads));
        Index block = ThreadGroups.Group;
        var (from, to) = ((Index)0, summed.Size);
        if (partialSums is not null)
        {
            body.Add(new DeclareIndex(partial, block % partials));
            block /= partials;
            var length = Index.CeilingDivide(summed.Size, partials);
            from = partial * length;
            to = Index.Min(from + length, summed.Size);
        }

        // Threads after the last result compute it too, because all threads must reach the barriers. They store nothing.
        var element = new IndexVariable(kernel.Names.Unique("element"));
        var strand = Strands == 1 ? 0 : ThreadGroups.Thread / width;
        var isWhole = kept.Size.Literal % width == 0;
        var own = (block * width) + (width == 1 ? 0 : Strands == 1 ? ThreadGroups.Thread : ThreadGroups.Thread % width);
        body.Add(new DeclareIndex(element, isWhole ? own : Index.Min(own, kept.Size - 1)));
        var sum = new Variable(kernel.Names.UniqueValue("sum"), false);
        body.Add(new Declare(sum, new Number(ReductionSteps.Start(reduce.Op)), Mutable: true));

        var indices = new Index[iterations.Domain.Rank];
        for (var axis = 0; axis < indices.Length; axis++) indices[axis] = 0;
        kept.Decode(element, indices, body, kernel.Names, "kept");
        var inner = new List<Statement>();
        summed.Decode(term, indices, inner, kernel.Names, "term");
        iterations.SetDependent(indices);
        Condition[] exists = [.. iterations.Exist(indices)];
        var adding = exists.Length == 0 ? inner : [];
        var writer = new StageWriter(adding, kernel.Names);
        var value = writer.Evaluate(ReductionSteps.Term(reduce), reduce.Operands, reduce.Name, new Point(kernel, storages, indices).Context(writer, 0, 0), 1);
        adding.Add(new Assign(sum, new Operation(ReductionSteps.Combine(reduce.Op), [sum, value])));
        if (exists.Length > 0) inner.Add(new If(exists, adding));
        body.Add(new Loop(term, from + strand, to, Strands, inner));

        var total = Strands == 1 ? sum : new Variable(kernel.Names.UniqueValue(reduce.Name), false);
        if (Strands > 1) body.Add(new ReduceThreads(total, ReductionSteps.Across(reduce.Op), shared, sum, GpuSchedule.Threads, width));
        var write = new List<Statement>();
        if (ReductionSteps.Result(reduce.Op, total) is Operation result)
        {
            total = new Variable(kernel.Names.UniqueValue("first"), false);
            write.Add(new Declare(total, result));
        }

        if (partialSums is null) Finish(kernel, write, total, element);
        else write.Add(new StoreScalar(kernel.Write(partialSums), (partial * reduce.Shape.Length) + element, total));
        Condition[] isWriter =
            [.. Strands == 1 ? Array.Empty<Condition>() : [Condition.Less(ThreadGroups.Thread, width)], .. isWhole ? Array.Empty<Condition>() : [Condition.Less(own, kept.Size)]];
        if (isWriter.Length == 0) body.AddRange(write);
        else body.Add(new If(isWriter, write));
        var remark = $"Groups of {GpuSchedule.Threads} threads, {(width == 1 ? "one result each" : Strands == 1 ? "one result per thread" : $"{width} results each with {Strands} threads")}"
            + $"{(partials > 1 ? $", the sum split into {partials}" : "")}.";
        return kernel.Build(name, [.. Formulas.Of(group), remark], body, [], new ThreadGroups(Blocks * partials, GpuSchedule.Threads));
    }

    /// <summary>Writes the group's stages on a finished sum, and stores its results.</summary>
    private void Finish(KernelBuilder builder, List<Statement> statements, Variable sum, Index element)
    {
        var shape = reduce.Shape;
        var members = group.Members.Skip(1).ToArray();
        var accesses = members.SelectMany(member => member.Operands).Where(operand => Operands.IsRead(operand, group)).Concat(group.Stored.Select(Operand.Whole))
            .Select(operand => ElementAccess.Of(operand, shape.Rank, storages.Of)).ToArray();
        var indices = Enumerable.Repeat((Index)0, shape.Rank).ToArray();
        new Flattening(shape, Enumerable.Range(0, shape.Rank), accesses, _ => Operands.AsksForIndex(members)).Decode(element, indices, statements, builder.Names, "index");
        var point = new Point(builder, storages, indices);
        var writer = new StageWriter(statements, builder.Names) { Known = { [group.Anchor] = sum } };
        var last = shape.Rank < 2 ? null : KernelBuilder.Size(shape[shape.Rank - 1]);
        var context = point.Context(writer, last is null ? 0 : element / last, last is null ? element : element % last);
        foreach (var map in members.Cast<MapNode>()) writer.Compute(map, context, isNamed: !group.IsUsedOnce(map));
        statements.AddRange(group.Stored.Select(node => point.Store(node, IndexMap.Identity(shape.Rank), writer.Known[node])));
    }
}
