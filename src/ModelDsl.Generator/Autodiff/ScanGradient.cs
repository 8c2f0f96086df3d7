using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.Scans;
using ModelDsl.Generator.Simplify;

namespace ModelDsl.Generator.Autodiff;

/// <summary>
/// The gradient of a loop over time is a loop from the last step to the first. It carries the gradients of the carried values; the gradients of the sequences are outputs, and
/// those of values from outside are totals. A step of it needs three kinds of values of the forward step: carried values, which the forward loop has kept; expressions of these,
/// which are computed again; and other values, which become additional outputs of the forward loop.
/// </summary>
internal sealed class ScanGradient
{
    private readonly ScanNode scan;
    private readonly IReadOnlyDictionary<ScanResult, Node> gradients;
    private readonly HashSet<Node> needed;
    private readonly Dictionary<Node, Node> ofHistory = [];

    private ScanGradient(ScanNode scan, IReadOnlyDictionary<ScanResult, Node> gradients, Func<Node, bool> isNeeded)
    {
        (this.scan, this.gradients) = (scan, gradients);
        needed = NeedGradient(scan, isNeeded);
    }

    /// <summary>Differentiates a loop.</summary>
    /// <param name="scan">The loop.</param>
    /// <param name="gradients">The gradients of its results that exist.</param>
    /// <param name="isNeeded">Whether the gradient of an operand is needed.</param>
    /// <returns>The gradients of the operands, null if there is none, and the loop with the values that its gradient needs as additional outputs.</returns>
    public static (IReadOnlyList<Node?> Gradients, ScanNode Extended) Of(ScanNode scan, IReadOnlyDictionary<ScanResult, Node> gradients, Func<Node, bool> isNeeded) =>
        new ScanGradient(scan, gradients, isNeeded).Build();

    /// <summary>The values given to the body whose gradients are needed: those of needed operands, and carried values that depend on them.</summary>
    private static HashSet<Node> NeedGradient(ScanNode scan, Func<Node, bool> isNeeded)
    {
        var body = scan.Body;
        var needed = new HashSet<Node>(body.Values.Where((_, i) => body.Values[i].Type == ElementType.Float && isNeeded(scan.Operands[i].Node)));
        for (var before = -1; before < needed.Count;)
        {
            before = needed.Count;
            var dependent = Differentiation.NeedGradient(body.Graph.Nodes, needed);
            for (var i = 0; i < body.Next.Count; i++)
            {
                if (dependent.Contains(body.Next[i])) needed.Add(body.Carried[i]);
            }
        }

        return needed;
    }

    private (IReadOnlyList<Node?> Gradients, ScanNode Extended) Build()
    {
        var body = scan.Body;
        var closure = new BodyClosure(scan.Name + "Gradient", scan.Steps) { IsReversed = !scan.IsReversed };
        var carried = Enumerable.Range(0, body.Carried.Count).Where(i => needed.Contains(body.Carried[i])).ToArray();
        var seeds = new List<(Node Of, Node Seed)>();
        foreach (var i in carried)
        {
            var history = gradients.TryGetValue(new(ScanResultKind.History, i), out var known) ? known : null;
            var name = NameOf(body.Carried[i]);
            var start = history is null ? GraphBuilder.Map(name, body.Carried[i].Shape, Expressions.Zero) : TimeAxis.At(name, history, scan.Last);
            seeds.Add((body.Next[i], closure.Carry(name, start)));
            if (history is not null) ofHistory[body.Carried[i]] = closure.Element(name, TimeAxis.Slice(name, history, scan.Before, scan.Steps));
        }

        foreach (var pair in gradients.Where(pair => pair.Key.Kind == ScanResultKind.Output))
        {
            var output = body.Outputs[pair.Key.Number];
            seeds.Add((output, closure.Element(NameOf(output), pair.Value)));
        }

        foreach (var pair in gradients.Where(pair => pair.Key.Kind == ScanResultKind.Total)) seeds.Add((body.Totals[pair.Key.Number], pair.Value));

        Node[] by = [.. body.Values.Where(needed.Contains)];
        var (step, extended, _) = Differentiation.Gradients(seeds, by);
        var roots = by.Zip(step, (value, gradient) => ofHistory.TryGetValue(value, out var more) ? GraphBuilder.Add(NameOf(value), [gradient, more]) : gradient);

        // Loops in the body have more outputs now. Equal nodes are merged, so that the values of the forward step that the gradient reads are found.
        var joined = GraphRewriter.Rewrite(Differentiation.Extended(
            new ModelGraph([.. body.Graph.Roots, .. roots.Select((root, number) => new Root(RootKind.Step, $"gradient{number}", root))]), extended));
        var forward = body.With(new ModelGraph([.. joined.Roots.Take(body.Graph.Roots.Count)]));
        Node[] gradient = [.. joined.Roots.Skip(body.Graph.Roots.Count).Select(root => root.Value)];
        var loop = new ForwardValues(scan.With(forward), closure, gradient).Give();
        return (Close(closure, by, gradient, loop), loop);
    }

    private static Node?[] Close(BodyClosure closure, Node[] by, Node[] gradient, ScanNode loop)
    {
        var body = loop.Body;
        var (isCarried, isElement) = (new HashSet<Node>(body.Carried), new HashSet<Node>(body.Sequences));
        int[] Of(Func<Node, bool> isOf) => [.. Enumerable.Range(0, by.Length).Where(i => isOf(by[i]))];
        var (carried, elements) = (Of(isCarried.Contains), Of(isElement.Contains));
        var totals = Of(value => !isCarried.Contains(value) && !isElement.Contains(value));
        var reversed = closure.Close([.. carried.Select(i => gradient[i])], [.. elements.Select(i => gradient[i])], [.. totals.Select(i => gradient[i])]);
        var results = new Node?[body.Values.Count];
        for (var i = 0; i < carried.Length; i++) results[At(carried[i])] = GraphBuilder.Last(NameOf(by[carried[i]]), reversed, i);
        for (var i = 0; i < elements.Length; i++) results[At(elements[i])] = GraphBuilder.ScanResult(NameOf(by[elements[i]]), reversed, ScanResultKind.Output, i);
        for (var i = 0; i < totals.Length; i++) results[At(totals[i])] = GraphBuilder.ScanResult(NameOf(by[totals[i]]), reversed, ScanResultKind.Total, i);
        return results;

        int At(int value) => body.Values.ToList().FindIndex(other => ReferenceEquals(other, by[value]));
    }

    private static string NameOf(Node node) => LayerNames.Join(node.Name) + "Gradient";

    /// <summary>Gives the steps of a gradient the values of the forward steps that they read.</summary>
    private sealed class ForwardValues(ScanNode scan, BodyClosure closure, Node[] gradient)
    {
        private readonly ScanBody body = scan.Body;
        private readonly HashSet<Node> forward = [.. scan.Body.Graph.Nodes, .. scan.Body.Values];
        private readonly List<Node> saved = [];
        private readonly HashSet<Node> again = [];

        /// <summary>Gives all values, and returns the forward loop with additional outputs.</summary>
        public ScanNode Give()
        {
            var read = Read();
            foreach (var node in read) Decide(node);
            var outputs = saved.Where(node => IndexOf(body.Outputs, node) < 0).ToArray();
            var loop = scan.With(body.WithOutputs(outputs));
            for (var i = 0; i < body.Values.Count; i++)
            {
                if (i < body.Carried.Count) closure.Give(body.Values[i], GraphBuilder.Before(body.Values[i].Name, loop, i), isSequence: true);
                else closure.Give(body.Values[i], loop.Operands[i].Node, isSequence: i < body.Carried.Count + body.Sequences.Count);
            }

            for (var i = 0; i < body.Next.Count; i++)
            {
                if (forward.Contains(body.Next[i]) && body.Next[i] is not LoopValueNode) closure.Give(body.Next[i], GraphBuilder.After(body.Next[i].Name, loop, i), isSequence: true);
            }

            foreach (var node in saved)
            {
                closure.Give(node, GraphBuilder.ScanResult(node.Name, loop, ScanResultKind.Output, IndexOf(loop.Body.Outputs, node)), isSequence: true);
            }

            return loop;
        }

        /// <summary>The forward nodes that the gradient reads.</summary>
        private List<Node> Read()
        {
            var own = new HashSet<Node>();
            var read = new List<Node>();
            var open = new Stack<Node>(gradient);
            while (open.Count > 0)
            {
                var node = open.Pop();
                if (!own.Add(node)) continue;
                if (forward.Contains(node) || (node is ScanResultNode result && forward.Contains(result.Scan))) read.Add(node);
                else foreach (var operand in node.Operands) open.Push(operand.Node);
            }

            return read;
        }

        private void Decide(Node node)
        {
            if (IsGiven(node) || saved.Contains(node)) return;

            // Aliases and expressions of available values are computed again.
            if (IsComputedAgain(node)) return;
            if (node is ViewNode or ReshapeNode or StopGradientNode)
            {
                foreach (var operand in node.Operands) Decide(operand.Node);
                return;
            }

            saved.Add(node);
        }

        private bool IsComputedAgain(Node node)
        {
            if (IsGiven(node) || again.Contains(node)) return true;
            var isAgain = node is MapNode or ViewNode or ReshapeNode or StopGradientNode && node.Operands.All(operand => IsComputedAgain(operand.Node));
            if (isAgain) again.Add(node);
            return isAgain;
        }

        private bool IsGiven(Node node) => node is LoopValueNode || IndexOf(body.Next, node) >= 0;

        private static int IndexOf(IReadOnlyList<Node> nodes, Node node) => nodes.ToList().FindIndex(other => ReferenceEquals(other, node));
    }
}
