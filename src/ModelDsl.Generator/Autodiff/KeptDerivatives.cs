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
        if (!forward.Contains(operand) || !operand.Shape.HasBatch) return;
        var later = readers[operand].Where(reader => !forward.Contains(reader)).ToArray();
        Expr[] derivatives = [.. later.Select(reader => ReadsElements(reader, operand) is var leaf and >= 0 ? DerivativeIn(((MapNode)reader).Body, leaf) : null).OfType<Expr>()];
        if (later.Length == 0 || derivatives.Length < later.Length) return;
        Expr[] distinct = [.. derivatives.Zip(later, (derivative, reader) => OfLeafZero(derivative, ReadsElements(reader, operand))).Distinct()];
        if (distinct.Length > 1) return;

        var functions = new HashSet<Expr>(ExprWalk.All(distinct[0]).Where(IsFunction));
        MapNode[] activations = [.. readers[operand].Where(forward.Contains).OfType<MapNode>().Where(reader => ReadsElements(reader, operand) >= 0)];
        var shared = new List<(MapNode Activation, Expr Function)>();
        foreach (var activation in activations)
        {
            var leaf = ReadsElements(activation, operand);
            shared.AddRange(Outermost(activation.Body, part => IsFunction(part) && IsOf(part, leaf) && functions.Contains(OfLeafZero(part, leaf))).Select(part => (activation, part)));
        }

        if (shared.Count == 0) return;
        var values = new Dictionary<Expr, Node>();
        foreach (var (activation, function) in shared)
        {
            var body = OfLeafZero(function, ReadsElements(activation, operand));
            if (!values.TryGetValue(body, out var value)) values.Add(body, value = new MapNode(activation.Name + ((Apply)function).Op, operand.Shape, body, Operand.Whole(operand)));
            Replace(activation, function, value);
        }

        var derivative = With(new MapNode(shared[0].Activation.Name + "Derivative", operand.Shape, distinct[0], Operand.Whole(operand)), [.. values.Select(pair => new Replacement(pair.Key, pair.Value))]);
        foreach (var (reader, part) in later.Zip(derivatives, (reader, part) => (reader, part))) Replace(reader, part, derivative);
    }

    private void Replace(Node node, Expr part, Node value)
    {
        if (!replacements.TryGetValue(node, out var list)) replacements.Add(node, list = []);
        list.Add(new Replacement(part, value));
    }

    private Node Replaced(Node node) => replacements.TryGetValue(node, out var list) ? With((MapNode)node, list) : node;

    /// <summary>Returns a map that reads values in place of parts of its expression.</summary>
    private static MapNode With(MapNode map, IReadOnlyList<Replacement> list)
    {
        var body = ExprWalk.Rewrite(map.Body, part => list.Select((replacement, index) => (replacement.Part, index)).Where(pair => pair.Part == part)
            .Select(pair => Input(map.Operands.Count + pair.index)).FirstOrDefault());
        Operand[] operands = [.. map.Operands, .. list.Select(replacement => Operand.Whole(replacement.Value))];
        var read = ExprWalk.Inputs(body).ToList();
        return new MapNode(
            map.Name, map.Shape, ExprWalk.Substitute(body, [.. Enumerable.Range(0, operands.Length).Select(leaf => Input(Math.Max(0, read.IndexOf(leaf))))]), [.. read.Select(leaf => operands[leaf])]);
    }

    /// <summary>Returns the number of the leaf by which a map reads the elements of a value one by one; −1 if it reads them otherwise.</summary>
    private static int ReadsElements(Node reader, Node value)
    {
        if (reader is not MapNode map || map.Shape != value.Shape || map.Operands.Count(operand => operand.Node == value) != 1) return -1;
        var leaf = map.Operands.ToList().FindIndex(operand => operand.Node == value);
        return map.Operands[leaf].Map.IsIdentity(map.Shape.Rank) ? leaf : -1;
    }

    /// <summary>
    /// Returns the part of an expression that depends on a leaf alone; null if there are several, or if it is not worth a value of its own. A product that is added to something is not
    /// taken out, because it is computed by a fused multiply-add.
    /// </summary>
    private static Apply? DerivativeIn(Expr body, int leaf)
    {
        Expr[] parts = [.. Outermost(body, part => IsOf(part, leaf))];
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

    private static bool IsOf(Expr part, int leaf) => ExprWalk.Inputs(part).SequenceEqual([leaf]) && !ExprWalk.All(part).Any(inner => inner is AxisIndex);

    private static bool IsFunction(Expr part) => part is Apply apply && Work.IsFunction(apply.Op);

    private static Expr OfLeafZero(Expr part, int leaf) => ExprWalk.Substitute(part, [.. Enumerable.Repeat(Input(0), leaf + 1)]);

    /// <summary>A part of an expression, and the value that is read for it.</summary>
    private readonly record struct Replacement(Expr Part, Node Value);
}
