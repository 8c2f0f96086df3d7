using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Loops.Cpu;

/// <summary>
/// A row group with several passes, such as a softmax, whose rows are in the worker's own memory. Each pass is computed for all rows of a block before the next pass begins. A pass
/// ends with dependent operations, which combine lanes to a sum or maximum. The next row does not depend on them, so the processor overlaps them with its pass. Values that depend
/// only on sums and maxima are computed for all rows of the block at once, in lanes.
/// </summary>
/// <remarks>Rows in main memory do not gain: their passes wait for memory, and the last pass of a block stores all rows at once.</remarks>
internal sealed class RowBlocks(Group group, RowStages stages, RowLoops loops, RowPass pass, KernelBuilder kernel)
{
    private readonly Dictionary<Node, Buffer> arrays = [];

    /// <summary>Whether a group is computed in blocks of rows.</summary>
    public static bool Applies(RowStages stages) => stages.Space is { Rows.Rank: 1 } && stages.Last > 0
        && Enumerable.Range(0, stages.Last + 2).SelectMany(stages.RowMaps).All(map => map.Operands.All(operand => operand.Node is not RandomNode));

    /// <summary>Writes the kernel.</summary>
    /// <param name="name">The name of the kernel.</param>
    /// <param name="formula">What it computes.</param>
    public Launch Build(string name, IReadOnlyList<string> formula)
    {
        // A value that is known only after the last pass remains in lanes.
        foreach (var node in group.Members.Where(node => node is ReduceNode || (stages.IsRow(node) && stages.ReadyAt(node) <= stages.Last)))
        {
            arrays.Add(node, new Buffer(kernel.Names.Unique(node is ReduceNode reduce ? NameOf(reduce.Op) : "rows")));
        }

        var body = new List<Statement>();
        var values = RowValues(body, 0);
        for (var stage = 0; stage <= stages.Last; stage++)
        {
            if (stages.HasPass(stage)) body.Add(loops.EachRow(Pass(stage)));
            values = RowValues(body, stage + 1);
        }

        foreach (var node in group.Stored.Where(stages.IsRow)) body.Add(loops.StoreRows(node, ValueOf(node, values)));
        return loops.FinishBlocks(name, formula, [.. arrays.Values.Select(array => new DeclareArray(array, Value.Lanes))], body);
    }

    /// <summary>The pass of a stage over a row.</summary>
    private List<Statement> Pass(int stage)
    {
        var row = new List<Statement>();
        var writer = new StageWriter(row, kernel.Names);
        foreach (var node in stages.Read(stage).Where(stages.IsRow)) writer.Known[node] = writer.Name(new LoadScalar(arrays[node], loops.RowInBlock), node.Name);
        foreach (var (reduce, result) in pass.Write(writer, stage, stages.Space!.Value)) row.Add(new StoreScalar(arrays[reduce], loops.RowInBlock, result));
        return row;
    }

    /// <summary>Computes the values of rows that become available before a stage, for all rows of the block. Returns the values that are known afterwards.</summary>
    private StageWriter RowValues(List<Statement> body, int stage)
    {
        // Products are not fused with sums, so that the bits are those of the values of a single row.
        var writer = new StageWriter(body, kernel.Names, fusesProducts: false);
        var context = new StageContext(loops.LoadRows, _ => loops.RowIndices);
        var maps = stages.RowMaps(stage);
        foreach (var map in maps)
        {
            foreach (var node in map.Operands.Select(operand => operand.Node).Where(node => arrays.ContainsKey(node) && !writer.Known.ContainsKey(node)))
            {
                var loaded = ValueOf(node, writer);
                writer.Known[node] = maps.Sum(reader => Uses(reader, node)) > 1 ? writer.Name(loaded, node.Name) : loaded;
            }

            var value = writer.Compute(map, context, isNamed: maps.Any(reader => Uses(reader, map) > 0));
            if (arrays.TryGetValue(map, out var array)) body.Add(new StoreLanes(array, 0, value, Value.Lanes));
        }

        return writer;
    }

    private Value ValueOf(Node node, StageWriter values) => values.Known.TryGetValue(node, out var known) ? known : new LoadLanes(arrays[node], 0, loops.RowsOfBlock);

    /// <summary>How many times an expression uses a value.</summary>
    private static int Uses(MapNode reader, Node node)
    {
        bool IsNode(Expr expr) => expr is Leaf leaf && reader.Operands[leaf.Input].Node == node;
        return ExprWalk.All(reader.Body).Sum(expr => expr.Args.Count(IsNode)) + (IsNode(reader.Body) ? 1 : 0);
    }

    private static string NameOf(ReduceOp op) => op switch
    {
        ReduceOp.Sum => "sums",
        ReduceOp.Max => "maxima",
        ReduceOp.ArgMax => "positions",
    };
}
