using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Generated;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>A plan run from its loop programs, on parameters and columns of a sample.</summary>
internal static class PlanRun
{
    /// <summary>Gives a plan its parameters and columns, and collects its results.</summary>
    /// <param name="model">The model.</param>
    /// <param name="plan">One of its plans.</param>
    /// <param name="sample">Parameters and columns.</param>
    /// <param name="interpreter">What runs the plan in a memory.</param>
    public static Outcome Of(CompiledModel model, GraphPlan plan, Sample sample, Func<LoopMemory, LoopInterpreter> interpreter)
    {
        var states = model.Parameters.Slots.Where(slot => slot.Parameter is StateNode).ToArray();
        var firstState = states.Select(slot => slot.Offset).DefaultIfEmpty(int.MaxValue).Min();
        var memory = new LoopMemory(sample.N, plan.Arenas, model.Parameters.Floats, model.Parameters.TrainableFloats, firstState, plan.Copies.SelectMany(launch => launch.Buffers).Where(storage => storage.Space == Space.ParameterCopies).Select(storage => storage.Offset + storage.Length).DefaultIfEmpty(0).Max());
        foreach (var column in sample.Columns) memory.AddColumn(column);
        for (var i = 0; i < model.Parameters.Floats; i++) memory.Give(Space.Parameters, i, 0);
        foreach (var slot in model.Parameters.Slots)
        {
            var values = slot.Parameter is ConstantNode constant ? [.. constant.Values.Select(value => (float)value)] : sample.Parameters[slot.Parameter.Name];
            for (var i = 0; i < values.Length; i++) memory.Give(Space.Parameters, slot.Offset + OffsetOf(slot, i), values[i]);

            // The rows of such a table that no token names are 0 before a step.
            for (var i = 0; slot.Parameter.SparseIds is not null && i < values.Length; i++) memory.Give(Space.Gradients, slot.Offset + OffsetOf(slot, i), 0);
        }

        var roots = plan.Fused.Graph.Roots;
        var results = roots.Where(root => root.Kind is not (RootKind.Gradient or RootKind.State)).Select(root => (Root: root, Storage: plan.Storages.Of(Aliases.Source(root.Value)).Whole)).ToArray();
        interpreter(memory).Run([.. results.Select(result => result.Storage)]);

        var outcome = new Outcome();
        foreach (var (root, storage) in results)
        {
            var length = root.Value.Shape.HasBatch ? sample.N * root.Value.Shape.Length : 1;
            outcome.Values.Add(Reference.NameOf(root), [.. Enumerable.Range(0, length).Select(i => memory.Result(storage, i, root.Name))]);
        }

        foreach (var root in roots.Where(root => root.Kind == RootKind.Gradient))
        {
            var slot = model.Parameters[root.Name];
            outcome.Values.Add(
                root.Name, [.. Enumerable.Range(0, slot.Parameter.Shape.Length).Select(i => memory.Result(Space.Gradients, slot.Offset + OffsetOf(slot, i), root.Name))]);
        }

        foreach (var slot in states)
        {
            var name = slot.Parameter.Name;
            outcome.Values.Add(name, [.. Enumerable.Range(0, slot.Parameter.Shape.Length).Select(i => memory.Result(Space.Parameters, slot.Offset + OffsetOf(slot, i), name))]);
        }

        return outcome;
    }

    /// <summary>The offset of an element, from the definition of the layouts.</summary>
    private static int OffsetOf(ParameterSlot slot, int element)
    {
        if (slot.Layout is not Panels panels) return element;
        var indices = new int[slot.Parameter.Shape.Rank];
        for (var axis = indices.Length - 1; axis >= 0; axis--)
        {
            var size = slot.Parameter.Shape[axis].Value;
            indices[axis] = element % size;
            element /= size;
        }

        var row = panels.RowAxes.Aggregate(0, (row, axis) => (row * slot.Parameter.Shape[axis].Value) + indices[axis]);
        var (group, column) = (indices[panels.ColumnAxis] / panels.Columns, indices[panels.ColumnAxis] % panels.Columns);
        var panel = (group * ((panels.Columns + 31) / 32)) + (column / 32);
        return (((panel * panels.Rows) + row) * 32) + (column % 32);
    }
}
