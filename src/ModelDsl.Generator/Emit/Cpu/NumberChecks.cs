using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// Writes the checks of the numbers that a training step computes: after each phase, a call with the values that the phase has completed, and a table that describes the values. A kernel may use
/// infinite numbers, so only values that it stores are checked.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="kernels">The kernels of its programs.</param>
/// <param name="training">The plans of training steps.</param>
internal sealed class NumberChecks(CompiledModel model, CpuKernels kernels, IEnumerable<GraphPlan> training)
{
    /// <summary>The type that the generated text uses.</summary>
    public const string Type = "ModelDsl.Compiled.NumberCheck";

    /// <summary>The name of the table.</summary>
    public const string Table = "CheckedValues";

    private readonly HashSet<GraphPlan> training = [.. training];
    private readonly Dictionary<Node, bool> infinite = [];
    private readonly List<string> table = [];
    private readonly IReadOnlyList<(string Prefix, string Text)> layers = LayersOf(model.Lowered.Layers);

    /// <summary>Returns the values that are completed in each phase of a plan, with the kernels that complete them; none for a plan that is not checked.</summary>
    public ILookup<Phase, (Node Node, Launch Launch)> CompletedBy(GraphPlan plan)
    {
        var last = new Dictionary<Node, (Phase Phase, Launch Launch)>();
        var wholes = new Dictionary<Storage, Node>();
        foreach (var part in training.Contains(plan) ? plan.Parts : [])
        {
            for (var number = 0; number < part.Phases.Count; number++)
            {
                // The values of a loop are complete after all of its blocks.
                var phase = part.Phases[number].Loop is { } loop ? part.Phases.Last(other => other.Loop == loop) : part.Phases[number];
                foreach (var launch in part.Phases[number].Launches)
                {
                    foreach (var node in launch.Group?.Stored ?? [])
                    {
                        var storage = plan.Storages.Of(node);
                        if (!IsWritten(storage, launch)) continue;
                        last[node] = (phase, launch);
                        if (storage.Whole == storage) wholes[storage] = node;
                    }
                }

                // Values that are computed in the buffer of a concatenation complete it.
                foreach (var node in part.Phases[number].Launches.SelectMany(launch => launch.Written).Where(wholes.ContainsKey).Select(storage => wholes[storage]).Distinct()) last[node] = (phase, last[node].Launch);
            }
        }

        return last.ToLookup(pair => pair.Value.Phase, pair => (pair.Key, pair.Value.Launch));
    }

    /// <summary>Writes the call that checks values after a phase.</summary>
    /// <param name="writer">The writer of the step.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="part">The part of the plan.</param>
    /// <param name="values">The values.</param>
    public void Write(CodeWriter writer, GraphPlan plan, int part, IReadOnlyList<(Node Node, Launch Launch)> values)
    {
        var buffers = values.Select(value => $"(nint){plan.Storages.Of(value.Node).Whole.Name}");
        writer.Line($"NumberCheck.Run({Literals.Text(model.Spec.Type.Name)}, {Table}, {Literals.Int(table.Count)}, [{string.Join(", ", buffers)}], in step, worker);");
        table.AddRange(values.Select(value => Description(plan, part, value.Node, value.Launch)));
    }

    /// <summary>Writes the table.</summary>
    public void WriteTable(CodeWriter writer)
    {
        writer.Line();
        writer.Summary(["The values that are checked."]);
        writer.Line($"private static readonly NumberCheck[] {Table} =");
        writer.Line("[");
        foreach (var line in table) writer.Line($"    {line},");
        writer.Line("];");
    }

    private static bool IsWritten(Storage storage, Launch launch) =>
        storage.Type == ElementType.Float && storage.Space is Space.Batched or Space.Fixed or Space.Gradients or Space.Parameters
        && launch.Written.Contains(storage.Whole);

    private string Description(GraphPlan plan, int part, Node node, Launch launch)
    {
        var storage = plan.Storages.Of(node);
        var batch = node.Shape.HasBatch ? 1 : 0;
        LayoutTerm[] terms = [.. storage.Layout.Terms(node.Shape)];
        LayoutTerm[] ofSample = [.. terms.Where(term => term.Axis >= batch).Select(term => term with { Axis = term.Axis - batch })];
        var shape = node.Shape.Extents.Skip(batch).Select(extent => extent.Value).ToArray();
        var length = storage.Layout is Panels ? storage.Length : 1 + ofSample.Sum(term => (shape[term.Axis] - 1) * term.Stride);
        string[] more =
        [
            .. storage.Layout is Strided { Base: > 0 and var start } ? [$"Base = {Literals.Int(start)}"] : Array.Empty<string>(),
            .. batch > 0 ? [$"SampleStride = {Literals.Int(terms.Where(term => term.Axis == 0).Sum(term => term.Stride))}"] : Array.Empty<string>(),
            .. MayBeInfinite(node) ? ["AllowsInfinity = true"] : Array.Empty<string>(),
        ];
        var layer = layers.FirstOrDefault(layer => Begins(node.Name, layer.Prefix)).Text;
        return $"new({Literals.Text(NameOf(plan, node))}, {(layer is null ? "null" : Literals.Text(layer))}, \"{(part == 0 ? "forward" : "backward")}\", {Literals.Text(kernels[launch.Kernel].Kernel.Name)}, "
            + $"[{string.Join(", ", Formulas.Of(launch.Group!).Select(Literals.Text))}], [{string.Join(", ", shape.Select(extent => Literals.Int(extent)))}], "
            + $"new({Literals.Int(length)}, [{string.Join(", ", ofSample.Select(term => $"new({term.Axis}, {term.Divisor}, {term.Modulus}, {term.Stride})"))}]))"
            + (more.Length == 0 ? "" : $" {{ {string.Join(", ", more)} }}");
    }

    private static string NameOf(GraphPlan plan, Node node)
    {
        var root = plan.Fused.Graph.Roots.FirstOrDefault(root => root.Value == node && !root.IsMark);
        return root?.Kind switch
        {
            RootKind.Gradient => $"the gradient of '{root.Name}'",
            RootKind.State => $"the next value of the state '{root.Name}'",
            RootKind.Loss => "the loss",
            RootKind.Output => $"the output '{root.Name}'",
            _ => $"'{node.Name}'",
        };
    }

    /// <summary>Whether a value may be infinite because infinity is written in its formula, or in the formula of a value from which it is computed element by element.</summary>
    private bool MayBeInfinite(Node node)
    {
        if (infinite.TryGetValue(node, out var known)) return known;
        var isInfinite = node switch
        {
            MapNode map => Contains(map.Body) || map.Operands.Any(operand => MayBeInfinite(operand.Node)),
            ReduceNode { Op: not ReduceOp.Sum } reduce => Contains(reduce.Body) || reduce.Operands.Any(operand => MayBeInfinite(operand.Node)),
            ReduceNode reduce => Contains(reduce.Body),
            ViewNode or ReshapeNode or AfterNode or StopGradientNode or ConcatNode or PadNode => node.Operands.Any(operand => MayBeInfinite(operand.Node)),
            _ => false,
        };
        return infinite[node] = isInfinite;

        static bool Contains(Expr body) => ExprWalk.All(body).Any(part => part is Constant constant && double.IsInfinity(constant.Value));
    }

    /// <summary>The layers by the beginnings of the names of their values, the longest first.</summary>
    private static IReadOnlyList<(string Prefix, string Text)> LayersOf(IReadOnlyList<LayerRow> rows)
    {
        var path = new List<string>();
        var layers = new List<(string Prefix, string Text)>();
        foreach (var row in rows)
        {
            path.RemoveRange(Math.Min(row.Depth, path.Count), path.Count - Math.Min(row.Depth, path.Count));
            path.Add(row.Name);
            var name = string.Join(".", path);
            layers.Add((LayerNames.Join(name), $"{name}: {row.Kind}"));
        }

        return [.. layers.OrderByDescending(layer => layer.Prefix.Length)];
    }

    /// <summary>Whether a name begins with the words of a layer's name, and not with a part of a word.</summary>
    private static bool Begins(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && (name.Length == prefix.Length || !(char.IsLower(name[prefix.Length]) || char.IsDigit(name[prefix.Length])));
}
