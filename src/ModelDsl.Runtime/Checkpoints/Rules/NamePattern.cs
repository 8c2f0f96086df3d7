using System.Globalization;
using System.Text;

namespace ModelDsl.Checkpoints.Rules;

/// <summary>
/// A pattern of names. <c>*</c> stands for any characters, as few as possible; <c>#</c> for a whole number, and <c>#+1</c> for a number that is greater by one than that of the other pattern of
/// the rule. A pattern without <c>*</c> and <c>#</c> is a name, or the beginning of a name up to a dot; one that ends with a dot is the beginning of a name.
/// </summary>
internal sealed class NamePattern
{
    // More digits would not fit into a 64-bit integer.
    private const int MostDigits = 18;

    private readonly string text;
    private readonly List<Part> parts = [];

    /// <summary>Parses a pattern.</summary>
    /// <param name="text">The text of the pattern.</param>
    public NamePattern(string text)
    {
        this.text = text;
        for (var at = 0; at < text.Length;)
        {
            var length = LengthOfPart(at, out var part);
            parts.Add(part);
            at += length;
        }
    }

    private enum Kind
    {
        Literal,
        Any,
        Number,
    }

    private bool HasWildcards => parts.Any(static part => part.Kind != Kind.Literal);

    /// <summary>Matches a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The characters that the wildcards stand for, and those after the pattern; null if the name does not match.</returns>
    public NameMatch? Match(string name)
    {
        if (!HasWildcards)
        {
            var isWhole = text.EndsWith('.') || name.Length == text.Length || (name.Length > text.Length && name[text.Length] == '.');
            return isWhole && name.StartsWith(text, StringComparison.Ordinal) ? new NameMatch([], [], name[text.Length..]) : null;
        }

        var match = new NameMatch([], [], "");
        return Match(0, name, match, out var rest) ? match with { Rest = rest } : null;
    }

    /// <summary>Returns the name that this pattern becomes for a match of another pattern.</summary>
    /// <param name="match">The match of the other pattern.</param>
    public string Fill(NameMatch match)
    {
        var name = new StringBuilder();
        var (any, number) = (0, 0);
        foreach (var part in parts)
        {
            name.Append(part.Kind switch
            {
                Kind.Any => match.Any[any++],
                Kind.Number => (match.Numbers[number++] + part.Offset).ToString(CultureInfo.InvariantCulture),
                _ => part.Literal,
            });
        }

        return name.Append(match.Rest).ToString();
    }

    /// <summary>Whether each wildcard of this pattern has one of the same kind in another pattern.</summary>
    /// <param name="from">The pattern whose matches would fill this one.</param>
    public bool IsFilledBy(NamePattern from) =>
        Count(Kind.Any) <= from.Count(Kind.Any) && Count(Kind.Number) <= from.Count(Kind.Number);

    /// <inheritdoc/>
    public override string ToString() => text;

    private int Count(Kind kind) => parts.Count(part => part.Kind == kind);

    private int LengthOfPart(int at, out Part part)
    {
        if (text[at] == '*')
        {
            part = new Part(Kind.Any, "", 0);
            return 1;
        }

        if (text[at] == '#')
        {
            var end = at + 1;
            if (end + 1 < text.Length && text[end] is '+' or '-' && char.IsAsciiDigit(text[end + 1]))
            {
                end++;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                    end++;
            }

            _ = int.TryParse(text.AsSpan(at + 1, end - at - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset);
            part = new Part(Kind.Number, "", offset);
            return end - at;
        }

        var next = text.AsSpan(at).IndexOfAny('*', '#');
        part = new Part(Kind.Literal, next < 0 ? text[at..] : text.Substring(at, next), 0);
        return part.Literal.Length;
    }

    /// <summary>Matches the parts from an index on, and collects what the wildcards stand for.</summary>
    private bool Match(int index, ReadOnlySpan<char> name, NameMatch match, out string rest)
    {
        rest = "";
        if (index == parts.Count)
        {
            rest = name.ToString();
            return name.Length == 0 || text.EndsWith('.');
        }

        var part = parts[index];
        if (part.Kind == Kind.Literal)
            return name.StartsWith(part.Literal) && Match(index + 1, name[part.Literal.Length..], match, out rest);
        if (part.Kind == Kind.Number)
        {
            var digits = name.IndexOfAnyExceptInRange('0', '9') is var end && end < 0 ? name.Length : end;
            if (digits is 0 or > MostDigits)
                return false;
            match.Numbers.Add(long.Parse(name[..digits], CultureInfo.InvariantCulture) - part.Offset);
            if (Match(index + 1, name[digits..], match, out rest))
                return true;
            match.Numbers.RemoveAt(match.Numbers.Count - 1);
            return false;
        }

        for (var length = 0; length <= name.Length; length++)
        {
            match.Any.Add(name[..length].ToString());
            if (Match(index + 1, name[length..], match, out rest))
                return true;
            match.Any.RemoveAt(match.Any.Count - 1);
        }

        return false;
    }

    private sealed record Part(Kind Kind, string Literal, int Offset);
}

/// <summary>What the wildcards of a pattern stand for in a name.</summary>
/// <param name="Any">The characters of each <c>*</c>.</param>
/// <param name="Numbers">The number of each <c>#</c>.</param>
/// <param name="Rest">The characters after the pattern, if it is the beginning of the name.</param>
internal sealed record NameMatch(List<string> Any, List<long> Numbers, string Rest);
