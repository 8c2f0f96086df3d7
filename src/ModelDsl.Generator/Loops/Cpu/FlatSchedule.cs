using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Pointwise groups whose operands all have the same element order: one loop over all elements of the batch, regardless of the length of rows.</summary>
internal static class FlatSchedule
{
    /// <summary>The number of elements of one task.</summary>
    private const int Alignment = 4 * Value.Lanes;

    /// <summary>The greatest number of operations for which the body is written twice: in a loop over whole vectors, and for the remaining elements.</summary>
    private const int MostTwice = 60;

    /// <summary>Whether every operand is a single number or has the layout of the results.</summary>
    public static bool Applies(Group group, StorageMap storages)
    {
        var shape = group.Anchor.Shape;
        return shape.Rank > 0 && group.Members.All(node => node is MapNode map && map.Shape == shape
            && !ExprWalk.All(map.Body).Any(expr => expr is AxisIndex)
            && map.Operands.All(operand => group.Members.Contains(operand.Node)
                ? operand.Map.IsIdentity(shape.Rank)
                : operand.Node is not RandomNode && (!Aliases.IsInMemory(operand.Node) || IsFlat(Access.Of(operand, shape.Rank, storages.Of), shape))))
            && group.Stored.All(node => storages.Of(node).Layout is Strided layout && layout.IsRowMajor(shape));
    }

    public static Launch Build(Group group, StorageMap storages)
    {
        var kernel = new KernelBuilder();
        var shape = group.Anchor.Shape;
        Index total = shape.HasBatch ? KernelBuilder.BatchSize * shape.Length : shape.Length;
        var whole = new IndexVariable(kernel.Names.Unique("whole"));
        var i = new IndexVariable("i");
        var body = GroupSize.Operations(group.Members) > MostTwice
            ? [new Loop(i, Range.From, Range.To, Value.Lanes, Elements(Range.To - i))]
            : new Statement[]
            {
                new DeclareIndex(whole, Range.From + ((Range.To - Range.From) / Value.Lanes * Value.Lanes)),
                new Loop(i, Range.From, whole, Value.Lanes, Elements(Value.Lanes)),
                new Loop(i, whole, Range.To, Value.Lanes, Elements(Range.To - i)),
            };
        return kernel.Build(Names.Method(group.Name), Formulas.Of(group), body, [], new Range(total, Alignment));

        List<Statement> Elements(Index count)
        {
            var statements = new List<Statement>();
            var writer = new StageWriter(statements, kernel.Names);
            var context = new StageContext(operand => Load(operand, count), _ => throw new InvalidOperationException("A flat loop has no axes."));
            foreach (var map in group.Members.Cast<MapNode>()) writer.Compute(map, context, isNamed: !group.IsUsedOnce(map));
            foreach (var node in group.Stored) statements.Add(new StoreLanes(kernel.Write(storages.Of(node)), i, writer.Known[node], count));
            return statements;
        }

        Value Load(Operand operand, Index count)
        {
            var access = Access.Of(operand, shape.Rank, storages.Of);
            var buffer = kernel.Read(access.Storage);
            return access.Strides.All(stride => stride == 0)
                ? new LoadScalar(buffer, access.Base)
                : new LoadLanes(buffer, i, count);
        }
    }

    private static bool IsFlat(Access access, Shape shape) =>
        access.Storage.Type == ElementType.Float && (access.Strides.All(stride => stride == 0)
            || (access.Base == 0 && access.Strides.SequenceEqual(Strided.RowMajor(shape).Strides)));
}
