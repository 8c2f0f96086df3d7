using System.Runtime.CompilerServices;
using ModelDsl.Generator.Emit;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;
using Range = ModelDsl.Generator.Loops.Range;

namespace ModelDsl.Generator.Tests.Targets;

/// <summary>
/// A target of tests: scalar C#, one loop nest per node, nothing fused. The simplest that computes every model, written without a change of the compiler;
/// <c>docs/add-a-target.md</c> follows it.
/// </summary>
internal sealed record ScalarTarget : Target
{
    /// <summary>What each kernel computes: this target has no use for a loop language between the two.</summary>
    private static readonly ConditionalWeakTable<Kernel, Tuple<Node, StorageMap>> Nodes = new();

    public override string Name => "Scalar";

    /// <summary>No group has room for a second node.</summary>
    public override TargetLimits Limits => new(new GroupLimits(Operations: -1, HoldsWindows: false), Registers: 0, Threads: 1, SharedBytes: 0);

    public override IReadOnlyCollection<ElementType> StorageTypes => [ElementType.Float, ElementType.Int];

    public override string ProgramType => typeof(ScalarProgram).FullName!;

    public override IReadOnlyList<GeneratedFile> Write(CompiledModel model, IReadOnlyList<TargetPlans> plans, CodeOptions options, CancellationToken cancellation)
    {
        var (writer, (_, training, infer)) = (new CodeWriter(), plans[0]);
        using (writer.Block($"namespace {model.Names.Namespace}"))
        {
            writer.Line("using global::System;");
            writer.Line("using global::ModelDsl.Compiled;");
            writer.Line($"using global::{typeof(ScalarProgram).Namespace};");
            using (writer.Block($"internal sealed class {model.Names.Program(this)} : ScalarProgram"))
            {
                PlanMembers.Write(writer, model, training, infer);
                new StepMethods(model, writer, "ScalarStep step", "step", "private", (plan, runs) => WriteCalls(writer, plan, runs)).Write(training, infer);
            }
        }

        return [new(Name, writer.ToString())];
    }

    protected override IReadOnlyList<(int Part, Launch Launch)> Build(FusedGraph fused, StorageMap storages, ScheduleOptions options, CancellationToken cancellation) =>
        Launches.OfGroups(fused, group => Schedule(group, storages), cancellation);

    private static IReadOnlyList<Launch> Schedule(Group group, StorageMap storages)
    {
        var (node, kernel) = (Assert.Single(group.Members), new KernelBuilder());
        foreach (var source in node.Operands.Select(operand => Aliases.Source(operand.Node)).Where(Aliases.IsInMemory)) kernel.Read(storages.Of(source));
        kernel.Write(storages.Of(node));
        var launch = kernel.Build(ModelDsl.Generator.Loops.Names.Method(group.Name), Formulas.Of(group), [], [], new Range(1));
        Nodes.Add(launch.Kernel, new(node, storages));
        return [launch];
    }

    private static void WriteCalls(CodeWriter writer, GraphPlan plan, Func<int, bool> runs)
    {
        writer.Line("var n = step.N;");
        foreach (var part in plan.Parts.Where(part => runs(part.Part)))
        {
            using (writer.Block($"if ({PlanParts.Condition(plan.Fused.Graph, part.Part) ?? "true"})"))
            {
                foreach (var kernel in part.Phases.SelectMany(phase => phase.Launches).Select(launch => launch.Kernel))
                {
                    Assert.True(Nodes.TryGetValue(kernel, out var what));
                    writer.Line($"// {kernel.Formula[0]}");
                    using (writer.Block("")) what.Item1.Accept(new ScalarKernel(writer, what.Item2));
                }
            }
        }
    }
}

/// <summary>Writes the loops of a node: for every kind of node, or it does not compile.</summary>
internal sealed class ScalarKernel(CodeWriter writer, StorageMap storages) : INodeVisitor<int>
{
    private int parts;

    public int Input(InputNode node) => Given(node);

    public int Encoded(EncodedNode node) => Given(node);

    public int Parameter(ParameterNode node) => Given(node);

    public int State(StateNode node) => Given(node);

    public int Constant(ConstantNode node) => Given(node);

    public int InverseBatch(InverseBatchNode node) => Given(node);

    public int Random(RandomNode node) => Given(node);

    public int View(ViewNode node) => Given(node);

    public int Reshape(ReshapeNode node) => Given(node);

    public int StopGradient(StopGradientNode node) => Given(node);

    public int After(AfterNode node) => Given(node);

    public int LoopValue(LoopValueNode node) => throw Unrolled(node);

    public int Scan(ScanNode node) => throw Unrolled(node);

    public int ScanResult(ScanResultNode node) => throw Unrolled(node);

    private static InvalidOperationException Unrolled(Node node) => new($"'{node.Name}' is unrolled for this target.");

    public int LogSumExp(LogSumExpNode node) => Given(node);

    public int Cache(CacheNode node) => throw new NotSupportedException("The target has no sessions.");

    public int Recall(RecallNode node) => throw new NotSupportedException("The target has no sessions.");

    public int Map(MapNode node) => Each(node.Shape, j => writer.Line($"{At(node, j)} = {Value(node.Body, node, j)};"));

    public int Contract(ContractNode node) =>
        Accumulate(node, node.Output, 0, j => $"sums[{{0}}] += (double){Read(node.A, j)} * {Read(node.B, j)};", "sums[{0}]");

    public int Reduce(ReduceNode node)
    {
        var combined = node.Op == ReduceOp.Sum ? "sums[{0}] + {1}" : "Math.Max(sums[{0}], {1})";
        return Accumulate(
            node, node.Output, ReductionSteps.Start(node.Op), j => "sums[{0}] = " + combined.Replace("{1}", Value(ReductionSteps.Term(node), node, j), StringComparison.Ordinal) + ";",
            node.Op == ReduceOp.ArgMax ? "-sums[{0}]" : "sums[{0}]");
    }

    public int Concat(ConcatNode node)
    {
        var start = 0;
        foreach (var part in node.Operands)
        {
            // Parts that are computed in place need no copy.
            var from = start;
            var isInPlace = Aliases.IsInMemory(Aliases.Source(part.Node)) && storages.Of(Aliases.Source(part.Node)).Whole == storages.Of(node).Whole;
            if (!isInPlace) Each(part.Node.Shape, j => writer.Line($"{At(node, [.. j.Select((index, axis) => axis == node.Axis ? $"({index} + {from})" : index)])} = {Read(part, j)};"));
            start += part.Node.Shape[node.Axis].Value;
        }

        return 0;
    }

    public int Pad(PadNode node)
    {
        Each(node.Shape, j => writer.Line($"{At(node, j)} = 0f;"));
        return Each(node.Operands[0].Node.Shape, j => writer.Line($"{At(node, [.. j.Select((index, axis) => $"({index} + {node.Start[axis]})")])} = {Read(node.Operands[0], j)};"));
    }

    public int Gather(GatherNode node) =>
        Each(node.Shape, j => writer.Line($"{At(node, j)} = {Read(node.Operands[0], [$"(int){Read(node.Operands[1], j[..^1])}", j[^1]])};"));

    public int ScatterAdd(ScatterAddNode node)
    {
        writer.Line($"var sums = new double[{node.Shape.Length}];");
        Each(node.Source.Shape, j => writer.Line($"sums[((int){Read(node.Operands[0], j[..^1])} * {node.Shape[1]}) + {j[^1]}] += {Read(node.Operands[1], j)};"));
        return Each(node.Shape, j => writer.Line($"{At(node, j)} = (float)sums[{RowMajor(j, node.Shape)}];"));
    }

    private static int Given(Node node) => throw new InvalidGraphException($"'{node.Name}' is no kernel's work");

    private int Accumulate(Node node, IndexMap output, double start, Func<string[], string> term, string result)
    {
        writer.Line($"var sums = new double[{(node.Shape.HasBatch ? "n * " : "")}{node.Shape.Length}];");
        writer.Line($"Array.Fill(sums, {Literals.Float(start)});");
        Each(node.Domain, j =>
        {
            var inside = node.Operands.SelectMany(operand => Bounds(operand.Map, operand.Node.Shape, node.Domain, j)).Concat(Bounds(output, node.Shape, node.Domain, j)).ToArray();
            if (inside.Length > 0) writer.Line($"if (!({string.Join(" && ", inside)})) continue;");
            writer.Line(term(j).Replace("{0}", RowMajor(Coordinates(output, j), node.Shape), StringComparison.Ordinal));
        });
        return Each(node.Shape, j => writer.Line($"{At(node, j)} = (float)({result.Replace("{0}", RowMajor(j, node.Shape), StringComparison.Ordinal)});"));
    }

    private int Each(Shape domain, Action<string[]> body)
    {
        string[] indices = [.. Enumerable.Range(0, domain.Rank).Select(axis => $"j{axis}")];
        foreach (var (index, extent) in indices.Zip(domain.Extents)) writer.Line($"for (var {index} = 0; {index} < {Size(extent)}; {index}++)");
        using (writer.Block("")) body(indices);
        return 0;
    }

    /// <summary>An expression over a node's operands: each of its parts is a variable.</summary>
    private string Value(Expr body, Node node, string[] j)
    {
        var names = new Dictionary<Expr, string>(ReferenceEqualityComparer.Instance);
        foreach (var part in ExprWalk.All(body))
        {
            var text = part switch
            {
                Constant constant => Literals.Float(constant.Value),
                Leaf leaf => Read(node.Operands[leaf.Input], j),
                AxisIndex index => $"(float){j[index.Axis]}",
                Apply { Op: ScalarOp.Select } => $"{names[part.Args[0]]} ? {names[part.Args[1]]} : {names[part.Args[2]]}",
                Apply apply => $"ScalarMath.{apply.Op}({string.Join(", ", part.Args.Select(arg => names[arg]))})",
                _ => throw new InvalidOperationException($"Unknown expression {part}."),
            };
            writer.Line($"var {names[part] = $"part{parts++}"} = {text};");
        }

        return names[body];
    }

    private string Read(Operand operand, string[] j) => operand.Node switch
    {
        InverseBatchNode => "(1f / n)",
        MapNode { Operands.Count: 0, Body: Constant constant } => Literals.Float(constant.Value),
        RandomNode random => $"DropoutRandom.Uniform(step.Seed, step.Number, {random.Stream}u, (uint)({RowMajor(j[..^1], random.Shape)}), (uint){j[^1]})",
        _ => Element(operand, j),
    };

    private string At(Node node, string[] j) => Element(Operand.Whole(node), j);

    /// <summary>The element of a buffer that an operand reads at the indices of its reader.</summary>
    private string Element(Operand operand, string[] j)
    {
        if (!Aliases.IsAlias(operand.Node) && storages.Of(operand.Node) is { Layout: Panels panels } storage)
        {
            var at = Coordinates(operand.Map, j);
            return ElementAt(storage, panels.Terms(operand.Node.Shape)
                .Select(digit => $"({at[digit.Axis]} / {digit.Divisor}{(digit.Modulus == 0 ? "" : $" % {digit.Modulus}")} * {digit.Stride})"));
        }

        var access = Access.Of(operand, j.Length, storages.Of);
        return ElementAt(access.Storage, access.Strides.Select((stride, axis) => $"({j[axis]} * {stride})").Prepend($"{access.Base}"));
    }

    private static string ElementAt(Storage part, IEnumerable<string> terms) => ElementOf(part.Whole, terms);

    private static string ElementOf(Storage storage, IEnumerable<string> terms) => storage.Space switch
    {
        Space.Column => $"step.Columns[{storage.Offset}]",
        Space.Batched => "step.Batched",
        _ => $"step.{storage.Space}",
    } + $"[{(storage.Space == Space.Column ? "0" : storage.Space == Space.Batched ? $"({storage.Offset} * n)" : $"{storage.Offset}")} + {string.Join(" + ", terms)}]";

    private static IEnumerable<string> Bounds(IndexMap map, Shape shape, Shape domain, string[] j) => Enumerable.Range(0, map.Rank)
        .Where(axis => !shape[axis].IsBatch && Maps.Range(map[axis], domain) is var (low, high) && (low < 0 || high >= shape[axis].Value))
        .Select(axis => $"(uint){Coordinates(map, j)[axis]} < {shape[axis].Value}u");

    private static string[] Coordinates(IndexMap map, string[] j) =>
        [.. map.Coordinates.Select(coordinate => $"({string.Join(" + ", coordinate.Terms.Select(term => $"({term.Scale} * {j[term.Axis]})").Append($"{coordinate.Offset}"))})")];

    private static string RowMajor(string[] indices, Shape shape) =>
        Enumerable.Range(0, indices.Length).Aggregate("0", (position, axis) => $"(({position} * {Size(shape[axis])}) + {indices[axis]})");

    private static string Size(Extent extent) => extent.IsBatch ? "n" : $"{extent.Value}";
}
