using ModelDsl.Compiled;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx;

/// <summary>Writes the preprocessing of an input as a product and a sum.</summary>
internal static class InputPreprocessing
{
    /// <summary>Finds the input.</summary>
    /// <param name="description">The graph.</param>
    /// <param name="columns">The number of columns that are inputs of predictions. Further ones are targets.</param>
    /// <param name="preprocessing">The preprocessing.</param>
    /// <returns>The number of its node.</returns>
    /// <exception cref="ArgumentException">There is no such input, or the preprocessing does not fit it.</exception>
    public static int Find(GraphDescription description, int columns, OnnxPreprocessing preprocessing)
    {
        int[] inputs = [.. Enumerable.Range(0, description.Nodes.Length).Where(number => description.Nodes[number] is { Kind: GraphNodeKind.Input, IsInteger: false } input && input.Number < columns)];
        int[] named = preprocessing.Input is { } name ? [.. inputs.Where(number => description.Nodes[number].Name == name)] : inputs;
        if (named.Length != 1)
        {
            var names = inputs.Length == 0 ? "none" : string.Join(", ", inputs.Select(number => $"'{description.Nodes[number].Name}'"));
            throw Error(preprocessing.Input is { } wanted ? $"the model has no input of floats '{wanted}'; its inputs of floats are: {names}." : $"it is for one input of floats, but the model has {names}: set Input to a name.");
        }

        var last = description.Nodes[named[0]].Shape[^1];
        foreach (var (property, numbers) in new[] { (nameof(OnnxPreprocessing.Mean), preprocessing.Mean), (nameof(OnnxPreprocessing.StandardDeviation), preprocessing.StandardDeviation) })
        {
            if (numbers is null)
                throw Error($"{property} is null; it can be empty.");
            if (numbers.Count > 1 && numbers.Count != last)
                throw Error($"{property} has {numbers.Count} numbers, but the last axis of the input has {last} elements: give one number, or one for each.");
            if (!numbers.All(float.IsFinite) || (property != nameof(OnnxPreprocessing.Mean) && numbers.Contains(0)))
                throw Error($"{property} has a number that is {(property == nameof(OnnxPreprocessing.Mean) ? "" : "zero, ")}infinite or NaN.");
        }

        return float.IsFinite(preprocessing.Scale) && preprocessing.Scale != 0 ? named[0] : throw Error($"Scale is {preprocessing.Scale}; a number other than zero is expected.");
    }

    /// <summary>Writes the nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input, whose last axis is that of the numbers.</param>
    /// <param name="preprocessing">The preprocessing.</param>
    /// <returns>The name of the result.</returns>
    public static string Write(OnnxGraph graph, string input, OnnxPreprocessing preprocessing)
    {
        var count = Math.Max(1, Math.Max(preprocessing.Mean.Count, preprocessing.StandardDeviation.Count));
        var (factors, terms) = (new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            var (mean, deviation) = (At(preprocessing.Mean, i, 0), At(preprocessing.StandardDeviation, i, 1));
            (factors[i], terms[i]) = ((float)(preprocessing.Scale / deviation), (float)(-mean / deviation));
        }

        var value = input;
        if (Array.Exists(factors, factor => factor != 1))
            value = graph.Add("Mul", input, [value, graph.Floats($"{input}_factor", factors, count)]);
        if (Array.Exists(terms, term => term != 0))
            value = graph.Add("Add", input, [value, graph.Floats($"{input}_term", terms, count)]);
        return value;
    }

    private static double At(IReadOnlyList<float> numbers, int index, double none) => numbers.Count == 0 ? none : numbers[numbers.Count == 1 ? 0 : index];

    private static ArgumentException Error(string message) => new($"The preprocessing of the options does not fit the model: {message}");
}
