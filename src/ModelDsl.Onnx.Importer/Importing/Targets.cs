using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Importing;

/// <summary>The values that become the outputs.</summary>
internal static class Targets
{
    /// <summary>Returns the names of the values: those of the file, or those that are named, as a value or as the node that computes it.</summary>
    public static IReadOnlyList<string> Of(GraphProto graph, ImportOptions options)
    {
        if (options.Outputs.Count > 0) return [.. options.Outputs.Select(name => Find(graph, name))];
        if (graph.Output.Count == 0) throw new ImportException(ImportException.Damaged, "it has no outputs.");
        return [.. graph.Output.Select(output => output.Name)];
    }

    private static string Find(GraphProto graph, string name)
    {
        if (graph.Node.FirstOrDefault(node => node.Name == name) is { Output.Count: > 0 } named) return named.Output[0];
        if (graph.Node.Any(node => node.Output.Contains(name))) return name;
        var similar = graph.Node.Where(node => node.Name.Contains(name, StringComparison.OrdinalIgnoreCase)).Select(node => $"'{node.Name}'").Take(3).ToList();
        throw new ImportException(
            ImportException.Option,
            $"there is no node or value '{name}' that could be the output.{(similar.Count > 0 ? $" Similar names are {string.Join(", ", similar)}." : $" The last node is '{graph.Node.LastOrDefault()?.Name}'.")}");
    }
}
