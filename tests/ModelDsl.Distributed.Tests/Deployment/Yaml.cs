using System.Globalization;

namespace ModelDsl.Distributed.Tests.Deployment;

/// <summary>Reads the part of YAML that the files of <c>deploy</c> use: maps and lists by indentation, lists in brackets, and scalars.</summary>
internal static class Yaml
{
    /// <summary>Returns the values of a document by their paths, such as <c>spec.trainer.numNodes</c>; elements of lists have the path <c>list[]</c>.</summary>
    public static List<(string Path, object Value)> Read(string text)
    {
        var values = new List<(string, object)>();
        var open = new Stack<(int Indentation, string Path)>();
        open.Push((-1, ""));
        foreach (var line in text.Split('\n'))
        {
            var rest = line.TrimEnd();
            if (rest.Length == 0 || rest.TrimStart().StartsWith('#'))
                continue;
            var indentation = rest.Length - rest.TrimStart().Length;
            rest = rest[indentation..];
            while (rest.StartsWith("- ", StringComparison.Ordinal))
            {
                Close(open, indentation);
                open.Push((indentation, open.Peek().Path + "[]"));
                indentation += 2;
                rest = rest[2..];
            }

            Close(open, indentation);
            if (rest.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
                values.AddRange(Values(Join(open.Peek().Path, rest[..colon]), rest[(colon + 2)..].Trim()));
            else if (rest.EndsWith(':'))
                open.Push((indentation, Join(open.Peek().Path, rest[..^1])));
            else
                values.Add((open.Peek().Path, Scalar(rest)));
        }

        return values;
    }

    private static void Close(Stack<(int Indentation, string Path)> open, int indentation)
    {
        while (open.Peek().Indentation >= indentation)
            open.Pop();
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static IEnumerable<(string Path, object Value)> Values(string path, string text) => text.StartsWith('[')
        ? text.Trim('[', ']').Split(", ").Select(element => (path + "[]", Scalar(element)))
        : [(path, Scalar(text))];

    private static object Scalar(string text) => text switch
    {
        "true" => true,
        "false" => false,
        ['"', .. var quoted, '"'] => quoted,
        _ => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : text,
    };
}
