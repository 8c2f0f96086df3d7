using Microsoft.CodeAnalysis.Text;

namespace ModelDsl.Generator.Tests.Harness;

/// <summary>
/// Source text that says where diagnostics are expected: <c>{|MDSL0012:3, 3|}</c> stands for <c>3, 3</c> with that diagnostic on exactly
/// these characters. Markers may nest.
/// </summary>
internal sealed record Markup(string Source, IReadOnlyList<Expectation> Expected)
{
    private const string Open = "{|";
    private const string Close = "|}";

    public static Markup Parse(string text, int file = 0)
    {
        var source = new System.Text.StringBuilder();
        var open = new Stack<(string Id, int Start)>();
        var expected = new List<Expectation>();
        for (var i = 0; i < text.Length;)
        {
            if (At(Open, i))
            {
                var colon = text.IndexOf(':', i);
                open.Push((text[(i + Open.Length)..colon], source.Length));
                i = colon + 1;
            }
            else if (At(Close, i) && open.Count > 0)
            {
                var (id, start) = open.Pop();
                expected.Add(new(id, file, TextSpan.FromBounds(start, source.Length)));
                i += Close.Length;
            }
            else
            {
                source.Append(text[i++]);
            }
        }

        Assert.True(open.Count == 0, "A marker is not closed.");
        return new(source.ToString(), expected);

        bool At(string marker, int index) => string.CompareOrdinal(text, index, marker, 0, marker.Length) == 0;
    }
}

/// <summary>A diagnostic and where it sits.</summary>
internal sealed record Expectation(string Id, int File, TextSpan Span);
