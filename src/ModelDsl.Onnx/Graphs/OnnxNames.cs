using System.Globalization;

namespace ModelDsl.Onnx.Graphs;

/// <summary>The names of a file. Each value and each node has its own.</summary>
internal sealed class OnnxNames
{
    private readonly HashSet<string> taken = [];
    private readonly Dictionary<string, int> numbers = [];

    /// <summary>Returns a name that is not taken, and reserves it.</summary>
    /// <param name="wanted">The name, to which a number is added if it is taken.</param>
    public string Reserve(string wanted)
    {
        var name = wanted;
        while (!taken.Add(name))
        {
            var number = numbers[wanted] = numbers.GetValueOrDefault(wanted, 1) + 1;
            name = $"{wanted}_{number.ToString(CultureInfo.InvariantCulture)}";
        }

        return name;
    }
}
