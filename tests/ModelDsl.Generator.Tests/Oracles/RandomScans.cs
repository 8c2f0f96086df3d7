using System.Globalization;
using System.Text;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Random models whose Forward has a recurrence of its own: states of one or two parts, any step, values from outside. The same seed gives the same model.</summary>
internal sealed class RandomScans
{
    private static readonly int[] Widths = [1, 2, 3, 5, 6, 8, 11, 16, 17];

    private readonly Random random;
    private readonly string key;
    private readonly StringBuilder members = new();
    private int names;

    private RandomScans(int seed) => (random, key) = (new Random(seed), $"Scan{seed}");

    /// <summary>A valid model.</summary>
    public static ForwardModel Valid(int seed) => new RandomScans(seed).Build();

    private ForwardModel Build()
    {
        var (length, width) = (random.Next(1, 7), Pick(Widths));
        var isText = Chance(3);
        var input = isText ? $"[TokenInput({length}, 6{(Chance(2) ? ", Padding = 0" : "")})] Tensor tokens" : $"[Input({length}, {width})] Tensor x";
        var body = new StringBuilder();
        if (isText) body.AppendLine(CultureInfo.InvariantCulture, $"        var x = tokens.Embedding({width});");
        if (Chance(3)) body.AppendLine(CultureInfo.InvariantCulture, $"        x = x.Lstm({(width = Pick(Widths))}, returnSequences: true);");
        var outside = Chance(3) ? new Term("context", width) : null;
        if (outside is not null) body.AppendLine("        var context = x.Mean(0).Tanh();");
        (var result, width) = Scan("x", width, outside);
        body.AppendLine(CultureInfo.InvariantCulture, $"        var y = {result};");
        if (Chance(3))
        {
            (result, width) = Scan("y", width, null);
            body.AppendLine(CultureInfo.InvariantCulture, $"        y = {result};");
        }

        body.AppendLine(CultureInfo.InvariantCulture, $"        return {Pick(["y[^1]", "y.Mean(0)", "y.Flatten()", "y", "(y[0] + y[^1])"])}.Dense({random.Next(2, 5)});");
        var source = $"[Model, {Pick(["MeanSquaredError", "Huber", "MeanAbsoluteError"])}]\npublic sealed partial class {key}\n{{\n{members}\n    private static Tensor Forward({input})\n    {{\n{body}    }}\n}}\n";
        return new(key, source.Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    /// <summary>A recurrence over a sequence, and the width of its outputs.</summary>
    private (string Text, int Width) Scan(string sequence, int width, Term? outside)
    {
        var (first, second) = (Pick(Widths), Pick(Widths));
        var hasTwo = Chance(2);
        var terms = new List<Term> { new("h", first), new("x", width) };
        if (hasTwo) terms.Add(new("c", second));
        if (outside is not null) terms.Add(outside);
        var text = new StringBuilder();
        if (hasTwo) text.Append("            var (h, c) = state;\n");
        for (var i = random.Next(1, 4); i > 0; i--) terms.Add(Let(text, terms));
        var next = $"{Project(terms, first, "h")}.{Pick(["Tanh()", "Sigmoid()"])}";
        var other = hasTwo ? $"(0.6 * c + {Project(terms, second, "x")}.Tanh())" : "";
        text.Append(CultureInfo.InvariantCulture, $"            var next = {next};\n");
        terms.Add(new("next", first));
        var output = Pick(terms.ToArray());
        var state = hasTwo ? $"((next, {other}), {output.Text})" : $"(next, {output.Text})";
        var start = hasTwo ? $"({Start(first)}, {Start(second)})" : Start(first);
        return ($"{sequence}.Scan({start}, ({(hasTwo ? "state" : "h")}, x) =>\n        {{\n{text}            return {state};\n        }})", output.Width);
    }

    /// <summary>A new value of a step.</summary>
    private Term Let(StringBuilder text, List<Term> terms)
    {
        var (name, a) = ($"t{++names}", Pick(terms.ToArray()));
        Term[] alike = [.. terms.Where(term => term.Width == a.Width)];
        var b = Pick(alike);
        var (value, width) = random.Next(7) switch
        {
            0 => ($"{a.Text} * {b.Text}.Sigmoid()", a.Width),
            1 => ($"{a.Text} + 0.5 * {b.Text}", a.Width),
            2 when a.Width > 2 => ($"{a.Text}.LayerNorm(epsilon: 0.1)", a.Width),
            3 => ($"{a.Text}.Softmax()", a.Width),
            4 => ($"Tensor.Concat({a.Text}, {b.Text})", 2 * a.Width),
            5 => ($"{a.Text}.Dropout(0.2).Gelu()", a.Width),
            _ => Pick(Widths) is var units ? ($"{a.Text}.Dense({units}).Tanh()", units) : default,
        };
        text.Append(CultureInfo.InvariantCulture, $"            var {name} = {value};\n");
        return new(name, width);
    }

    private string Project(List<Term> terms, int width, string and)
    {
        var a = Pick(terms.ToArray());
        return Chance(2) ? $"({a.Text}.Dense({width}) + {and}.Dense({width}, useBias: false))" : $"Tensor.Concat({a.Text}, {and}).Dense({width})";
    }

    private string Start(int width)
    {
        if (Chance(2)) return $"Tensor.Zeros({width})";
        if (Chance(2)) return $"(Tensor.Zeros({width}) + 0.5)";
        members.Append(CultureInfo.InvariantCulture, $"    [Weight({width}, Init = Init.Normal)] private static partial Tensor Start{++names} {{ get; }}\n");
        return $"Start{names}";
    }

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private sealed record Term(string Text, int Width);
}
