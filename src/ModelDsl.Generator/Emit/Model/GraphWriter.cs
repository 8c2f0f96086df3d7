using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>
/// Writes the graphs of a model as data for packages that read them, such as the one that writes ONNX files: that of inference, and the forward part of training steps. They are the graphs of the
/// layers, before the passes that optimize them for kernels, because other runtimes have operations for whole layers.
/// </summary>
internal sealed class GraphWriter
{
    /// <summary>The suffix of the file and of the class.</summary>
    public const string Suffix = "Graph";

    /// <summary>The number of nodes that a method creates, because the JIT compiler takes long for large methods.</summary>
    private const int NodesOfMethod = 100;

    /// <summary>The name of the method of a training graph, before its number.</summary>
    private const string Training = "CreateTraining";

    private static readonly RootKind[] OfInference = [RootKind.Output, RootKind.OutputActivation, RootKind.Named];

    private static readonly RootKind[] OfTraining = [RootKind.Output, RootKind.Loss, RootKind.State];

    private static readonly TypeAliases Aliases = new([.. new[]
    {
        "GraphDescription", "GraphLoop", "GraphLoopResult", "GraphNode", "GraphNodeKind", "GraphOutputKind", "GraphReduction", "GraphScalarOperation",
    }.Select(type => "ModelDsl.Compiled." + type)]);

    private readonly CodeWriter writer = new();
    private readonly GraphNodeText text;
    private int methods;

    private GraphWriter(IReadOnlyList<ConstantNode> constants) => text = new GraphNodeText(constants, Loop);

    /// <summary>Writes the file of a model.</summary>
    public static string Write(CompiledModel model) =>
        Write(model.Names, model.Lowered, [.. model.Parameters.Slots.Select(slot => slot.Parameter).OfType<ConstantNode>()]);

    /// <summary>Writes the file of a model.</summary>
    /// <param name="names">The names of its types.</param>
    /// <param name="lowered">Its graphs.</param>
    /// <param name="constants">The constants in its description.</param>
    internal static string Write(ProgramNames names, LoweredModel lowered, IReadOnlyList<ConstantNode> constants)
    {
        var file = new GraphWriter(constants);
        var writer = file.writer;
        foreach (var line in SourceHeader.Lines) writer.Line(line);
        using (writer.Block($"namespace {names.Namespace}"))
        {
            Aliases.Write(writer);
            writer.Line();
            writer.Summary([$"The graphs of {names.Model} as data, for export to other formats."]);
            using (writer.Block($"internal static class {names.Class(Suffix)}"))
            {
                file.Method("public static", "Create", Of(lowered.Infer!, OfInference));
                for (var loss = 0; loss < lowered.Losses.Count; loss++)
                {
                    writer.Line();
                    file.Method("public static", Training + loss, Of(lowered.Losses[loss].Graph, OfTraining));
                }
            }
        }

        return Aliases.WithoutUnused(writer.ToString());

        static ModelGraph Of(ModelGraph graph, RootKind[] kinds) => new([.. graph.Roots.Where(root => kinds.Contains(root.Kind))]);
    }

    /// <summary>Returns the properties of the description of a model that refer to the file.</summary>
    public static IEnumerable<string> References(CompiledModel model)
    {
        var type = $"global::{model.Names.Namespace}.{model.Names.Class(Suffix)}";
        yield return $"Graph = {type}.Create,";
        if (model.Lowered.Losses.Count > 0) yield return $"TrainingGraphs = [{string.Join(", ", model.Lowered.Losses.Select((_, loss) => $"{type}.{Training}{loss}"))}],";
    }

    /// <summary>Writes a method that creates a graph, after the methods of the loops in it.</summary>
    private void Method(string access, string name, ModelGraph graph)
    {
        var numbers = graph.Nodes.Select((node, number) => (node, number)).ToDictionary(pair => pair.node, pair => pair.number);
        var names = Printer.Name(graph.Nodes);
        string[] nodes = [.. graph.Nodes.Select(node => $"{Comments.Line($"{numbers[node]}: {Described(node, names)}")}\n{text.Of(node, numbers)},")];
        var outputs = graph.Roots.Select(root => $"new(GraphOutputKind.{root.Kind}, {Literals.Text(root.Name)}, {numbers[root.Value]})");
        var parts = Enumerable.Range(0, (nodes.Length + NodesOfMethod - 1) / NodesOfMethod).Select(part => nodes.Skip(part * NodesOfMethod).Take(NodesOfMethod).ToArray()).ToArray();
        using (writer.Block($"{access} GraphDescription {name}()"))
        {
            var all = string.Join(", ", parts.Select((_, part) => $".. {name}Nodes{part}()"));
            writer.Line($"return new([{all}], [{string.Join(", ", outputs)}]);");
        }

        for (var part = 0; part < parts.Length; part++)
        {
            writer.Line();
            writer.Line($"private static GraphNode[] {name}Nodes{part}() =>");
            writer.Line("[");
            foreach (var node in parts[part]) writer.Line("    " + node.Replace("\n", "\n    "));
            writer.Line("];");
        }
    }

    /// <summary>Writes the method of a loop's body and returns the description of the loop.</summary>
    private string Loop(ScanNode scan)
    {
        var name = $"CreateLoop{methods++}";
        Method("private static", name, scan.Body.Graph);
        writer.Line();
        return $"new GraphLoop({scan.Steps}, {(scan.IsReversed ? "true" : "false")}, {scan.Body.Carried.Count}, {scan.Body.Sequences.Count}, {scan.Body.Outputs.Count}, {name}())";
    }

    private static string Described(Node node, Dictionary<Node, string> names) => node is ScanNode scan
        ? $"{names[node]} = {scan.Steps} steps of {string.Join(", ", scan.Operands.Select(operand => names[operand.Node]))}"
        : $"{names[node]} {node.Shape} = {node.Describe(new NodeText(names))}";
}
