using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>
/// Writes the inference graph of a model as data for packages that read it, such as the one that writes ONNX files. It is the graph of the layers, before the passes that optimize it for
/// kernels, because other runtimes have operations for whole layers.
/// </summary>
internal sealed class GraphWriter
{
    /// <summary>The suffix of the file and of the class.</summary>
    public const string Suffix = "Graph";

    /// <summary>The number of nodes that a method creates, because the JIT compiler takes long for large methods.</summary>
    private const int NodesOfMethod = 100;

    private static readonly RootKind[] Exported = [RootKind.Output, RootKind.OutputActivation, RootKind.Named];

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
        var graph = new ModelGraph([.. lowered.Infer!.Roots.Where(root => Exported.Contains(root.Kind))]);
        var file = new GraphWriter(constants);
        var writer = file.writer;
        foreach (var line in SourceHeader.Lines) writer.Line(line);
        using (writer.Block($"namespace {names.Namespace}"))
        {
            Aliases.Write(writer);
            writer.Line();
            writer.Summary([$"The inference graph of {names.Model} as data, for export to other formats."]);
            using (writer.Block($"internal static class {names.Class(Suffix)}")) file.Method("public static", "Create", graph);
        }

        return Aliases.WithoutUnused(writer.ToString());
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
