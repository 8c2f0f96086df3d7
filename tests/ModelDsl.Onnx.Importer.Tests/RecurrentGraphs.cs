using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Recurrent layers over sequences [T, N, 3], for comparisons with ONNX Runtime.</summary>
internal static class RecurrentGraphs
{
    private const long Units = 3;

    /// <summary>Returns a graph whose output y is one of the outputs of a layer.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="output">The output of the layer: all states, the last state, the last state of the cells.</param>
    /// <param name="initial">The initial states: none, those of each sample, or numbers for all samples.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="hasPeepholes">Whether the gates read the cells.</param>
    /// <param name="attributes">Further attributes.</param>
    public static OnnxGraph Of(string type, int output = 0, string initial = "", bool bias = true, bool hasPeepholes = false, params (string Name, object Value)[] attributes)
    {
        var directions = attributes.Any(attribute => attribute.Value is "bidirectional") ? 2 : 1;
        var rows = Units * type switch { "LSTM" => 4, "GRU" => 3, _ => 1 };
        var graph = new OnnxGraph().Input("x", DataType.Float, 4, 0, 3).Weight("w", directions, rows, 3).Weight("r", directions, rows, Units).Weight("b", directions, 2 * rows);
        string[] states = initial switch
        {
            "" => [],
            "of each" => EachSample(graph, type, directions),
            _ => AllSamples(graph, type, directions),
        };
        if (hasPeepholes) graph.Weight("p", directions, 3 * Units);
        string[] outputs = [.. Enumerable.Range(0, output).Select(number => $"other{number}"), "y"];
        graph.Node(type, outputs[0], ["x", "w", "r", bias ? "b" : "", "", .. states, .. hasPeepholes ? [.. Enumerable.Repeat("", 2 - states.Length), "p"] : Array.Empty<string>()], [("hidden_size", (int)Units), .. attributes]).File.Graph.Node[^1].Output.Add(outputs[1..]);
        if (!bias && states.Length == 0 && !hasPeepholes) Shorten(graph);
        return graph;
    }

    /// <summary>The mean of the sequence, and its negative for the cells.</summary>
    private static string[] EachSample(OnnxGraph graph, string type, int directions)
    {
        var mean = directions == 1 ? "mean" : "one mean";
        graph.Node("ReduceMean", mean, ["x"], ("axes", new long[] { 0 }));
        if (directions == 2) graph.Node("Tanh", "other mean", [mean]).Node("Concat", "mean", [mean, "other mean"], ("axis", 0));
        graph.Node("Neg", "cells", ["mean"]);
        return type == "LSTM" ? ["mean", "cells"] : ["mean"];
    }

    /// <summary>Weights, which the file repeats for all samples; of an LSTM those of the hidden state are left out.</summary>
    private static string[] AllSamples(OnnxGraph graph, string type, int directions)
    {
        graph.Weight("start", directions, 1, Units).Integers("one", 1).Integers("directions", directions).Integers("units", Units)
            .Node("Shape", "s", ["x"]).Node("Gather", "n", ["s", "one"]).Node("Concat", "shape", ["directions", "n", "units"], ("axis", 0)).Node("Expand", "state", ["start", "shape"]);
        return type == "LSTM" ? ["", "state"] : ["state"];
    }

    private static void Shorten(OnnxGraph graph)
    {
        var inputs = graph.File.Graph.Node[^1].Input;
        while (inputs[^1].Length == 0) inputs.RemoveAt(inputs.Count - 1);
    }
}
