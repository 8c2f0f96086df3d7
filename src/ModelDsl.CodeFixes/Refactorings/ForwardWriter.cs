using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelDsl.CodeFixes.Refactorings;

/// <summary>Writes a <c>Forward</c> method: chains of calls, and a statement for each value that is used twice.</summary>
internal sealed class ForwardWriter
{
    private const int LongestLine = 120;

    private readonly List<string> statements = [];

    /// <summary>The calls that are not yet written, grouped by the brackets of the source.</summary>
    private readonly List<string> chain = [];
    private readonly string x;
    private readonly string i;

    private ForwardWriter(string x, string i) => (this.x, this.i) = (x, i);

    /// <summary>Returns the lines of the method.</summary>
    public static IEnumerable<string> Write(ForwardLayers layers, ClassDeclarationSyntax type)
    {
        // Names in the arguments must keep their meaning.
        var taken = new HashSet<string>(type.AttributeLists.SelectMany(list => list.DescendantTokens()).Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText));
        var writer = new ForwardWriter(Free("x", taken), Free("i", taken));
        foreach (var group in layers.Groups) writer.Add(group);
        return writer.Finish();
    }

    private static string Free(string name, HashSet<string> taken)
    {
        while (taken.Contains(name)) name += "0";
        return name;
    }

    private void Add(IReadOnlyList<LayerUse> group)
    {
        var calls = "";
        foreach (var use in group)
        {
            if (use.Kind == "Apply")
            {
                calls += "." + Apply(use.Blocks[0], use.Positional, use.GivenName);
            }
            else if (use.Blocks.Count == 0)
            {
                calls += "." + use.Call;
            }
            else
            {
                Flush(ref calls);
                statements.Add(Statement(use));
            }
        }

        if (calls.Length > 0) chain.Add(calls);
    }

    private string Statement(LayerUse use)
    {
        switch (use.Kind)
        {
            case "Repeat":
                // Copies of a named block are numbered from 1.
                var name = use.GivenName is { } given ? given.StartsWith("\"", StringComparison.Ordinal) ? $"${given.Substring(0, given.Length - 1)}{{{i} + 1}}\"" : $"{given} + ({i} + 1)" : null;
                return $"for (int {i} = 0; {i} < {use.Positional[0]}; {i}++) {x} = {x}.{Apply(use.Blocks[0], use.Positional.Skip(1), name)};";
            case "Residual":
                return $"{x} = {x} + {x}.{Apply(use.Blocks[0], use.Positional, use.GivenName)};";
            default:
                var branches = use.Blocks.Select(block => $"{x}.{Apply(block, [], null)}");
                return use.IsConcat ? $"{x} = Tensor.Concat({string.Join(", ", branches)});" : $"{x} = {string.Join(" + ", branches)};";
        }
    }

    private static string Apply(string block, IEnumerable<string> arguments, string? name) =>
        $"Apply(new {block}({string.Join(", ", arguments)}){(name is null ? "" : $", name: {name}")})";

    private void Flush(ref string calls)
    {
        if (calls.Length > 0) chain.Add(calls);
        calls = "";
        if (chain.Count > 0) statements.AddRange(Chain($"{x} = {x}"));
        chain.Clear();
    }

    private IEnumerable<string> Finish()
    {
        var header = $"private static Tensor Forward(Tensor {x})";
        if (statements.Count == 0) return Chain($"{header} => {x}");

        var assignment = $"{x} = ";
        var last = statements[statements.Count - 1];
        if (chain.Count == 0 && last.StartsWith(assignment, StringComparison.Ordinal)) statements[statements.Count - 1] = "return " + last.Substring(assignment.Length);
        else statements.AddRange(Chain($"return {x}"));
        return [header, "{", .. statements.Select(statement => "    " + statement), "}"];
    }

    /// <summary>Returns the calls after the start of a chain, on one line or with one line for each group.</summary>
    private IReadOnlyList<string> Chain(string start)
    {
        var line = start + string.Concat(chain) + ";";
        return line.Length <= LongestLine ? [line] : [start, .. chain.Select((calls, index) => $"    {calls}{(index == chain.Count - 1 ? ";" : "")}")];
    }
}
