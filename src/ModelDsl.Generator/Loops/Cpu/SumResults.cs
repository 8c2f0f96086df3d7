using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>Writes the pointwise stages on a finished sum, and its results.</summary>
internal sealed class SumResults(Group group, StorageMap storages)
{
    /// <summary>The name of the kernel.</summary>
    public string Name => group.Name;

    public IReadOnlyList<string> Formula { get; } = Formulas.Of(group);

    /// <summary>Writes the stages, and stores the results at a position of the row-major result.</summary>
    public void Write(KernelBuilder kernel, List<Statement> statements, Variable sum, Index position, int lanes)
    {
        var writer = new StageWriter(statements, kernel.Names) { Known = { [group.Anchor] = sum } };
        var context = new StageContext(
            operand => Load(kernel, operand, position, sum.IsVector ? lanes : null),
            _ => throw new NotSupportedException($"A stage behind '{group.Anchor.Name}' asks for its index."));
        foreach (var map in group.Members.OfType<MapNode>()) writer.Compute(map, context, lanes, !group.IsUsedOnce(map));
        foreach (var node in group.Stored)
        {
            var storage = storages.Of(node);
            if (storage.Layout is not Strided layout || !layout.IsRowMajor(node.Shape))
            {
                throw new NotSupportedException($"The sum '{node.Name}' is stored in another order than its own.");
            }

            var buffer = kernel.Write(storage);
            statements.Add(sum.IsVector ? new StoreLanes(buffer, position, writer.Known[node], lanes) : new StoreScalar(buffer, position, writer.Known[node]));
        }
    }

    /// <summary>Loads an operand at the positions of sixteen sums, or of one.</summary>
    private Value Load(KernelBuilder kernel, Operand operand, Index position, int? lanes)
    {
        var access = Access.Of(operand, group.Anchor.Shape.Rank, storages.Of);
        var buffer = kernel.Read(access.Storage);
        if (access.Strides.All(stride => stride == 0)) return new LoadScalar(buffer, access.Base);
        if (!access.Strides.SequenceEqual(Strided.RowMajor(group.Anchor.Shape).Strides))
        {
            throw new NotSupportedException($"'{operand.Node.Name}' lies in another order than the sum '{group.Anchor.Name}'.");
        }

        return lanes is { } count
            ? new LoadLanes(buffer, position + access.Base, count)
            : new LoadScalar(buffer, position + access.Base);
    }
}
