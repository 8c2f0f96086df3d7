using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Scalars;
using static ModelDsl.Generator.Scalars.Expressions;

namespace ModelDsl.Generator.Autodiff;

/// <summary>
/// Computes the derivative of an activation beside the activation, if both need the same expensive function and the backward pass needs the operand for nothing else. The derivative
/// of GELU contains erf(x/√2), like GELU itself. The forward pass then computes erf(x/√2) once and keeps the derivative for the backward pass instead of x.
/// </summary>
/// <remarks>It runs after the last simplification, which would merge the expressions again. Every operation keeps its operands, so the bits do not change.</remarks>
internal sealed class KeptDerivatives
{
    private readonly HashSet<Node> forward;
    private readonly ILookup<Node, Node> readers;
    private readonly Dictionary<Node, List<Replacement>> replacements = [];

    private KeptDerivatives(ModelGraph graph)
    {
        forward = [.. ModelGraph.Sort(graph.Roots.Where(root => root.Kind is not (RootKind.Gradient or RootKind.State)).Select(root => root.Value))];
        readers = graph.Nodes.SelectMany(reader => reader.Operands.Select(operand => operand.Node).Distinct().Select(operand => (operand, reader))).ToLookup(pair => pair.operand, pair => pair.reader);
    }

    /// <summary>Returns the graph with such derivatives as nodes of their own.</summary>
    /// <param name="graph">A training graph.</param>
    public static ModelGraph Run(ModelGraph graph)
    {
        var pass = new KeptDerivatives(graph);
        foreach (var node in graph.Nodes) pass.Find(node);
        return pass.replacements.Count == 0 ? graph : Verifier.Checked(Rewriter.Rewrite(graph, pass.Replaced));
    }

    private void Find(Node operand)
    {
        if (!forward.Contains(operand) || !operand.Shape.HasBatch || DerivativeOf(operand) is not { } derivative) return;
        var functions = new Dictionary<Expr, Node?>();
        foreach (var function in ExprWalk.All(derivative).Where(IsFunction)) functions[function] = null;
        string? name = null;
        foreach (var read in readers[operand].Where(forward.Contains).Select(reader => Read.Of(reader, operand)).OfType<Read>())
        {
            foreach (var part in Outermost(read.Reader.Body, part => read.IsAlone(part) && functions.ContainsKey(read.Alone(part))))
            {
                var function = read.Alone(part);
                Replace(read.Reader, part, functions[function] ??= new MapNode(read.Reader.Name + ((Apply)function).Op, operand.Shape, function, Operand.Whole(operand)));
                name ??= read.Reader.Name;
            }
        }

        if (name is null) return;
        var kept = With(
            new MapNode(name + "Derivative", operand.Shape, derivative, Operand.Whole(operand)),
            [.. functions.Where(pair => pair.Value is not null).Select(pair => new Replacement(pair.Key, pair.Value!))]);
        foreach (var read in Later(operand)) Replace(read!.Reader, DerivativeIn(read)!, kept);
    }

    /// <summary>The readers in the backward pass. A reader that does not read the elements one by one is null.</summary>
    private IEnumerable<Read?> Later(Node operand) => readers[operand].Where(reader => !forward.Contains(reader)).Select(reader => Read.Of(reader, operand));

    /// <summary>Returns the expression, with the operand as its leaf 0, for which alone the backward pass reads an operand; null if there is none.</summary>
    private Expr? DerivativeOf(Node operand)
    {
        Expr?[] derivatives = [.. Later(operand).Select(read => read is not null && DerivativeIn(read) is { } part ? read.Alone(part) : null).Distinct()];
        return derivatives.Length == 1 ? derivatives[0] : null;
    }

    private void Replace(Node node, Expr part, Node value)
    {
        if (!replacements.TryGetValue(node, out var list)) replacements.Add(node, list = []);
        list.Add(new Replacement(part, value));
    }

    private Node Replaced(Node node) => replacements.TryGetValue(node, out var list) ? With((MapNode)node, list) : node;

    /// <summary>Returns a map that reads values instead of computing parts of its expression.</summary>
    private static MapNode With(MapNode map, IReadOnlyList<Replacement> list)
    {
        var body = ExprWalk.Rewrite(map.Body, part => list.Select((replacement, index) => (replacement.Part, index)).Where(pair => pair.Part == part)
            .Select(pair => Input(map.Operands.Count + pair.index)).FirstOrDefault());
        Operand[] operands = [.. map.Operands, .. list.Select(replacement => Operand.Whole(replacement.Value))];
        var read = ExprWalk.Inputs(body).ToList();
        return new MapNode(
            map.Name, map.Shape, ExprWalk.Substitute(body, [.. Enumerable.Range(0, operands.Length).Select(leaf => Input(Math.Max(0, read.IndexOf(leaf))))]), [.. read.Select(leaf => operands[leaf])]);
    }

    /// <summary>
    /// Returns the part of an expression that depends on an operand alone; null if there are several, or if it is not worth a value of its own. A product that is added to something is not
    /// taken out, because it is computed by a fused multiply-add.
    /// </summary>
    private static Apply? DerivativeIn(Read read)
    {
        var body = read.Reader.Body;
        Expr[] parts = [.. Outermost(body, read.IsAlone)];
        if (parts.Length != 1 || parts[0] == body || parts[0] is not Apply { IsCondition: false } found) return null;
        var isFused = found.Op == ScalarOp.Multiply && ExprWalk.All(body).Any(part => part is Apply { Op: ScalarOp.Add or ScalarOp.Subtract } sum && sum.Args.Contains(found));
        return isFused ? null : found;
    }

    /// <summary>Returns the distinct parts of an expression with a property that are in no larger part with it.</summary>
    private static HashSet<Expr> Outermost(Expr body, Func<Expr, bool> has)
    {
        if (has(body)) return [body];
        var found = new HashSet<Expr>();
        foreach (var part in ExprWalk.All(body).Where(part => !has(part))) found.UnionWith(part.Args.Where(has));
        return found;
    }

    private static bool IsFunction(Expr part) => part is Apply apply && Work.IsFunction(apply.Op);

    /// <summary>A map that reads the elements of a value one by one.</summary>
    /// <param name="Reader">The map.</param>
    /// <param name="Leaf">The number of the value among its operands.</param>
    private sealed record Read(MapNode Reader, int Leaf)
    {
        /// <summary>How a node reads a value; null if it reads it in another way.</summary>
        public static Read? Of(Node reader, Node value)
        {
            if (reader is not MapNode map || map.Shape != value.Shape || map.Operands.Count(operand => operand.Node == value) != 1) return null;
            var leaf = map.Operands.ToList().FindIndex(operand => operand.Node == value);
            return map.Operands[leaf].Map.IsIdentity(map.Shape.Rank) ? new Read(map, leaf) : null;
        }

        /// <summary>Whether a part of the map's expression depends on the value alone.</summary>
        public bool IsAlone(Expr part) => ExprWalk.Inputs(part).SequenceEqual([Leaf]) && !ExprWalk.All(part).Any(inner => inner is AxisIndex);

        /// <summary>Returns such a part with the value as its leaf 0.</summary>
        public Expr Alone(Expr part) => ExprWalk.Substitute(part, [.. Enumerable.Repeat(Input(0), Leaf + 1)]);
    }

    /// <summary>A part of an expression, and the value that is read for it.</summary>
    private readonly record struct Replacement(Expr Part, Node Value);
}
