using ModelDsl.Compiled;

namespace ModelDsl.Onnx.Export;

/// <summary>Compares scalar expressions with patterns such as <c>Divide(#,Sqrt(Add(x0,#)))</c>, in which <c>x0</c> is the first operand and <c>#</c> any number.</summary>
internal static class BodyPattern
{
    /// <summary>The number of instructions of the longest pattern. Longer expressions are not converted to text, because common parts would be repeated in it.</summary>
    private const int MostInstructions = 24;

    /// <summary>Whether the body of a node has a form.</summary>
    public static bool Matches(GraphNode node, string pattern) => Matches(node, pattern, out _);

    /// <summary>Whether the body of a node has a form.</summary>
    /// <param name="node">The node.</param>
    /// <param name="pattern">The form.</param>
    /// <param name="numbers">The numbers in it, in the order of the text.</param>
    public static bool Matches(GraphNode node, string pattern, out double[] numbers)
    {
        var found = new List<double>();
        var matches = node.Body.Length is > 0 and <= MostInstructions && Text(node.Body, node.Body.Length - 1, found) == pattern;
        numbers = [.. found];
        return matches;
    }

    private static string Text(GraphScalar[] body, int index, List<double> numbers)
    {
        var scalar = body[index];
        switch (scalar.Operation)
        {
            case GraphScalarOperation.Input:
                return $"x{scalar.Arguments[0]}";
            case GraphScalarOperation.Index:
                return $"i{scalar.Arguments[0]}";
            case GraphScalarOperation.Constant:
                numbers.Add(scalar.Value);
                return "#";
            default:
                return $"{scalar.Operation}({string.Join(',', scalar.Arguments.Select(argument => Text(body, argument, numbers)))})";
        }
    }
}
