using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>
/// Runs a graph in float64, element by element, as its definition reads. It shares no code with the compiler: bounds, indices and scalar
/// functions are its own. Simple on purpose.
/// </summary>
internal sealed class GraphInterpreter(int n)
{
    private readonly int n = n;
    private readonly Dictionary<Node, double[]> values = [];
    private readonly Dictionary<Node, List<List<double[]>>> loops = [];

    /// <summary>Values of the columns, by index.</summary>
    public Dictionary<int, double[]> Columns { get; init; } = [];

    /// <summary>The values that a session has encoded, by the offsets of their buffers.</summary>
    public Dictionary<int, double[]> Encoded { get; init; } = [];

    /// <summary>Values of the parameters in their logical shape, by name.</summary>
    public Dictionary<string, double[]> Parameters { get; init; } = [];

    /// <summary>Of a loop's body: what the step is given.</summary>
    public Dictionary<Node, double[]> LoopValues { get; init; } = [];

    /// <summary>Uniform numbers by stream and logical element.</summary>
    public Func<int, long, double> Random { get; init; } = (stream, element) => Math.Abs(Math.Sin((stream * 12.9898) + (element * 78.233)) * 43758.5453 % 1);

    /// <summary>What becomes of every computed value, and of a sum after each term: nothing, unless a test wants to know what rounding does.</summary>
    public Func<double, double>? Rounding { get; init; }

    /// <summary>
    /// What stopped gradients hold: found at the first run and kept in those that share this, for to differentiation they are constants. Null: computed anew.
    /// </summary>
    public Dictionary<Node, double[]>? Stopped { get; init; }

    /// <summary>The values of a node, row-major.</summary>
    public double[] Run(Node node)
    {
        foreach (var next in ModelGraph.Sort([node]))
        {
            if (!values.ContainsKey(next)) values.Add(next, Rounded(next, Compute(next)));
        }

        return values[node];
    }

    /// <summary>Forgets every value that rests on a parameter: its elements have been changed.</summary>
    public void Forget(string parameter)
    {
        var forgotten = new HashSet<Node>();
        foreach (var node in ModelGraph.Sort([.. values.Keys]))
        {
            if (node is ParameterNode given ? given.Name == parameter : node.Operands.Any(operand => forgotten.Contains(operand.Node))) forgotten.Add(node);
        }

        foreach (var node in forgotten) values.Remove(node);
    }

    // A maximum is one of the values it was taken of, and is looked for among them again.
    private double[] Rounded(Node node, double[] result) =>
        Rounding is null || node is ReduceNode { Op: ReduceOp.Max or ReduceOp.ArgMax } || node is not (MapNode or ContractNode or ReduceNode or LogSumExpNode or ScatterAddNode)
            ? result : [.. result.Select(Rounding)];

    public double[] Run(ModelGraph graph, RootKind kind, string? name = null) =>
        Run(graph.Roots.Single(root => root.Kind == kind && (name is null || root.Name == name)).Value);

    private int[] Sizes(Shape shape)
    {
        var sizes = new int[shape.Extents.Count];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = shape.Extents[i].IsBatch ? n : shape.Extents[i].Value;
        return sizes;
    }

    private static IEnumerable<int[]> Box(int[] sizes)
    {
        var index = new int[sizes.Length];
        while (true)
        {
            yield return index;
            var axis = sizes.Length - 1;
            while (axis >= 0 && ++index[axis] == sizes[axis]) index[axis--] = 0;
            if (axis < 0) yield break;
        }
    }

    /// <summary>The row-major offset of a map's coordinates as a function of the domain's indices; −1 outside.</summary>
    private static Func<int[], int> OffsetOf(IndexMap map, int[] sizes)
    {
        var offsets = new int[sizes.Length];
        var terms = new (int Axis, int Scale)[sizes.Length][];
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            offsets[axis] = map.Coordinates[axis].Offset;
            terms[axis] = new (int, int)[map.Coordinates[axis].Terms.Count];
            for (var k = 0; k < terms[axis].Length; k++) terms[axis][k] = (map.Coordinates[axis].Terms[k].Axis, map.Coordinates[axis].Terms[k].Scale);
        }

        return index =>
        {
            var offset = 0;
            for (var axis = 0; axis < sizes.Length; axis++)
            {
                var at = offsets[axis];
                foreach (var (of, scale) in terms[axis]) at += scale * index[of];
                if (at < 0 || at >= sizes[axis]) return -1;
                offset = (offset * sizes[axis]) + at;
            }

            return offset;
        };
    }

    private static double[] Zeros(int[] sizes) => new double[sizes.Aggregate(1, (product, size) => product * size)];

    private double[] Given(double[] data, Node node)
    {
        Assert.Equal(Zeros(Sizes(node.Shape)).Length, data.Length);
        return data;
    }

    private double[] Compute(Node node) => node.Accept(new Kinds(this, Sizes(node.Shape)));

    /// <summary>The values of the nodes of each kind, their operands being known.</summary>
    private sealed class Kinds(GraphInterpreter graph, int[] sizes) : INodeVisitor<double[]>
    {
        private readonly double[] result = Zeros(sizes);

        public double[] Input(InputNode node) => node.SampleLength == node.Shape.Length
            ? graph.Given(graph.Columns[node.Column], node)
            : [.. graph.Columns[node.Column].Chunk(node.SampleLength).SelectMany(sample => sample.Take(node.Shape.Length))];

        public double[] Encoded(EncodedNode node) => graph.Given(graph.Encoded[node.Offset], node);

        public double[] Parameter(ParameterNode node) => graph.Given(graph.Parameters[node.Name], node);

        public double[] State(StateNode node) => Parameter(node);

        public double[] Constant(ConstantNode node) => [.. node.Values];

        public double[] InverseBatch(InverseBatchNode node) => [1.0 / graph.n];

        public double[] Random(RandomNode node) => Filled(i => graph.Random(node.Stream, i));

        public double[] Map(MapNode node)
        {
            var body = ScalarFunctions.Of(node.Body);
            graph.Each(sizes, node.Operands, (i, index, leaves) => result[i] = body(leaves, index), strict: true);
            return result;
        }

        public double[] Contract(ContractNode node)
        {
            var offsetOf = OffsetOf(node.Output, sizes);
            graph.Each(graph.Sizes(node.Domain), node.Operands, (_, index, leaves) =>
            {
                var offset = offsetOf(index);
                if (offset >= 0) graph.Add(ref result[offset], leaves[0] * leaves[1]);
            });
            return result;
        }

        public double[] Reduce(ReduceNode node) => graph.Reduce(node, sizes, result);

        public double[] LogSumExp(LogSumExpNode node) => GraphInterpreter.LogSumExp(Values(node, 0), result);

        public double[] View(ViewNode node)
        {
            graph.Each(sizes, node.Operands, (i, _, leaves) => result[i] = leaves[0], strict: true);
            return result;
        }

        public double[] Reshape(ReshapeNode node) => Values(node, 0);

        public double[] Concat(ConcatNode node) => graph.Concat(node, sizes, result);

        public double[] Pad(PadNode node) => graph.Pad(node, sizes, result);

        public double[] Gather(GatherNode node) =>
            Rows(graph.values[node.Ids], sizes[^1], (row, i, c, width) => result[(i * width) + c] = graph.values[node.Table][(row * width) + c], result);

        public double[] ScatterAdd(ScatterAddNode node) =>
            Rows(graph.values[node.Ids], sizes[^1], (row, i, c, width) => graph.Add(ref result[(row * width) + c], graph.values[node.Source][(i * width) + c]), result);

        public double[] After(AfterNode node) => Values(node, 0);

        public double[] StopGradient(StopGradientNode node)
        {
            if (graph.Stopped is null) return Values(node, 0);
            if (!graph.Stopped.TryGetValue(node, out var kept)) graph.Stopped.Add(node, kept = Values(node, 0));
            return kept;
        }

        // What earlier calls have written is not known here: 0.
        public double[] Recall(RecallNode node)
        {
            var (positions, start) = (graph.values[node.Positions], Values(node, 0));
            var rows = positions.Length / sizes[0];
            return Filled(i => positions[i / node.Shape.Length * rows] == 0 ? start[i] : 0);
        }

        public double[] Cache(CacheNode node)
        {
            var written = new HashSet<int>();
            var (rows, positions) = (graph.Sizes(node.Rows.Shape), graph.values[node.Positions]);
            var (values, next) = (graph.values[node.Rows], 0);
            foreach (var index in Box(rows))
            {
                var at = 0;
                for (var axis = 0; axis < sizes.Length; axis++)
                {
                    at = (at * sizes[axis]) + (axis == node.Axis ? (int)positions[(index[0] * rows[node.Axis]) + index[axis]] : index[axis]);
                }

                var value = values[next++];
                if (written.Add(at)) result[at] = value;
            }

            return result;
        }

        public double[] LoopValue(LoopValueNode node) => graph.Given(graph.LoopValues[node], node);

        public double[] Scan(ScanNode node)
        {
            graph.loops[node] = graph.Loop(node);
            return [0];
        }

        public double[] ScanResult(ScanResultNode node)
        {
            var body = node.Scan.Body;
            var (roots, number) = (graph.loops[node.Scan], node.Result.Number);
            return node.Result.Kind switch
            {
                ScanResultKind.History => graph.InTime(roots[number], body.Next[number].Shape),
                ScanResultKind.Output => graph.InTime(roots[body.Next.Count + number], body.Outputs[number].Shape),
                _ => [.. roots[body.Next.Count + body.Outputs.Count + number].Aggregate((sum, step) => [.. sum.Zip(step, (a, b) => a + b)])],
            };
        }

        private double[] Values(Node node, int operand) => graph.values[node.Operands[operand].Node];

        private double[] Filled(Func<int, double> element)
        {
            for (var i = 0; i < result.Length; i++) result[i] = element(i);
            return result;
        }
    }

    /// <summary>Runs a loop step by step: for each root of its body the values in the order of time, those of carried values with their start.</summary>
    private List<List<double[]>> Loop(ScanNode node)
    {
        var body = node.Body;
        var carried = Enumerable.Range(0, body.Carried.Count).Select(i => values[node.Operands[i].Node]).ToArray();
        var results = body.Graph.Roots.Select((_, i) => new List<double[]>(i < carried.Length ? [carried[i]] : [])).ToList();
        for (var step = 0; step < node.Steps; step++)
        {
            var at = node.IsReversed ? node.Steps - 1 - step : step;
            var given = new Dictionary<Node, double[]>();
            for (var i = 0; i < body.Values.Count; i++)
            {
                var data = i < carried.Length ? carried[i] : values[node.Operands[i].Node];
                var isElement = i >= carried.Length && i < carried.Length + body.Sequences.Count;
                given[body.Values[i]] = isElement ? Element(data, body.Values[i].Shape, node.Steps, at) : data;
            }

            var inner = new GraphInterpreter(n) { LoopValues = given, Random = Random, Rounding = Rounding };
            var computed = body.Graph.Roots.Select(root => inner.Run(root.Value)).ToArray();
            for (var i = 0; i < computed.Length; i++) results[i].Add(computed[i]);
            carried = [.. computed.Take(carried.Length)];
        }

        if (node.IsReversed) results.ForEach(values => values.Reverse());
        return results;
    }

    /// <summary>One element of a sequence, whose time axis follows the batch axis.</summary>
    private double[] Element(double[] data, Shape shape, int steps, int at)
    {
        var length = shape.Length;
        return [.. Enumerable.Range(0, shape.HasBatch ? n : 1).SelectMany(sample => data.Skip(((sample * steps) + at) * length).Take(length))];
    }

    private double[] InTime(List<double[]> steps, Shape shape) =>
        [.. Enumerable.Range(0, shape.HasBatch ? n : 1).SelectMany(sample => steps.SelectMany(step => step.Skip(sample * shape.Length).Take(shape.Length)))];

    /// <summary>Visits a domain with the operands' values; elements with an operand out of bounds do not exist.</summary>
    private void Each(int[] domain, IReadOnlyList<Operand> operands, Action<int, int[], double[]> visit, bool strict = false)
    {
        var leaves = new double[operands.Count];
        var sources = operands.Select(operand => (OffsetOf: OffsetOf(operand.Map, Sizes(operand.Node.Shape)), Data: values[operand.Node])).ToArray();
        var position = 0;
        foreach (var index in Box(domain))
        {
            var inside = true;
            for (var k = 0; k < leaves.Length && inside; k++)
            {
                var offset = sources[k].OffsetOf(index);
                inside = offset >= 0;
                if (inside) leaves[k] = sources[k].Data[offset];
            }

            Assert.True(inside || !strict, "a pointwise read stays in bounds");
            if (inside) visit(position, index, leaves);
            position++;
        }
    }

    private double[] Reduce(ReduceNode node, int[] sizes, double[] result)
    {
        // The first maximum is searched in order, without the maximum that the compiler adds as an operand.
        var (best, terms) = (new double[result.Length], new int[result.Length]);
        if (node.Op != ReduceOp.Sum) Array.Fill(result, node.Op == ReduceOp.Max ? double.NegativeInfinity : double.PositiveInfinity);
        var (offsetOf, body, numberOf) = (OffsetOf(node.Output, sizes), ScalarFunctions.Of(node.Body), NumberOf(node));
        Each(Sizes(node.Domain), node.Operands, (_, index, leaves) =>
        {
            var offset = offsetOf(index);
            if (offset < 0) return;
            var value = body(leaves, index);
            switch (node.Op)
            {
                case ReduceOp.Sum:
                    Add(ref result[offset], value);
                    break;
                case ReduceOp.Max:
                    result[offset] = double.IsNaN(value) || value > result[offset] ? value : result[offset];
                    break;
                case ReduceOp.ArgMax:
                    var isFirst = terms[offset]++ == 0;
                    if (!isFirst && (double.IsNaN(best[offset]) || !(double.IsNaN(value) || value > best[offset]))) break;
                    (best[offset], result[offset]) = (value, numberOf(index));
                    break;
                default:
                    throw new NotSupportedException(node.Op.ToString());
            }
        });
        return result;
    }

    /// <summary>The number of a term among those of its result, as an odometer over the axes that the result does not have counts them.</summary>
    private Func<int[], int> NumberOf(ReduceNode node)
    {
        var (sizes, kept) = (Sizes(node.Domain), node.Output.Coordinates.SelectMany(coordinate => coordinate.Terms).Select(term => term.Axis).ToHashSet());
        return index =>
        {
            var number = 0;
            for (var axis = 0; axis < sizes.Length; axis++)
            {
                if (!kept.Contains(axis)) number = (number * sizes[axis]) + index[axis];
            }

            return number;
        };
    }

    private void Add(ref double sum, double term) => sum = Rounding is null ? sum + term : Rounding(sum + term);

    private static double[] LogSumExp(double[] x, double[] result)
    {
        var width = x.Length / result.Length;
        for (var row = 0; row < result.Length; row++)
        {
            var items = x.AsSpan(row * width, width).ToArray();
            var maximum = items.Max();
            result[row] = maximum + Math.Log(items.Sum(item => Math.Exp(item - maximum)));
        }

        return result;
    }

    private double[] Concat(ConcatNode node, int[] sizes, double[] result)
    {
        var offset = 0;
        var starts = node.Operands.Select(operand => Sizes(operand.Node.Shape)[node.Axis]).ToArray();
        foreach (var index in Box(sizes))
        {
            var (part, at) = (0, index[node.Axis]);
            while (at >= starts[part]) at -= starts[part++];
            var partSizes = Sizes(node.Operands[part].Node.Shape);
            var from = 0;
            for (var axis = 0; axis < sizes.Length; axis++) from = (from * partSizes[axis]) + (axis == node.Axis ? at : index[axis]);
            result[offset++] = values[node.Operands[part].Node][from];
        }

        return result;
    }

    private double[] Pad(PadNode node, int[] sizes, double[] result)
    {
        var source = node.Operands[0].Node;
        var from = 0;
        foreach (var index in Box(Sizes(source.Shape)))
        {
            var offset = 0;
            for (var axis = 0; axis < sizes.Length; axis++) offset = (offset * sizes[axis]) + index[axis] + node.Start[axis];
            result[offset] = values[source][from++];
        }

        return result;
    }

    private static double[] Rows(double[] ids, int width, Action<int, int, int, int> visit, double[] result)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            for (var c = 0; c < width; c++) visit((int)ids[i], i, c, width);
        }

        return result;
    }
}
