using System.Globalization;
using System.Text;

namespace ModelDsl.WordPiece;

/// <summary>
/// Characters without their accents: the canonical decomposition (NFD) without nonspacing marks. The data are part of this library, because a process in the invariant globalization mode has
/// none, and because results must not depend on the system.
/// </summary>
internal static class Decompositions
{
    private const int FirstSyllable = 0xAC00, LastSyllable = 0xD7A3, FirstLead = 0x1100, FirstVowel = 0x1161, FirstTail = 0x11A7, Vowels = 21, Tails = 28;

    private static readonly Lazy<Dictionary<int, string>> Table = new(Read);

    /// <summary>Returns a character without its accents; empty for an accent.</summary>
    public static string WithoutMarks(Rune rune)
    {
        if (rune.IsAscii)
            return rune.ToString();
        if (rune.Value is >= FirstSyllable and <= LastSyllable)
            return Syllable(rune.Value - FirstSyllable);
        if (Table.Value.TryGetValue(rune.Value, out var parts))
            return parts;
        return Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark ? "" : rune.ToString();
    }

    /// <summary>The letters of a Korean syllable (The Unicode Standard, section 3.12).</summary>
    private static string Syllable(int index)
    {
        var letters = string.Concat((char)(FirstLead + (index / (Vowels * Tails))), (char)(FirstVowel + (index / Tails % Vowels)));
        return index % Tails == 0 ? letters : letters + (char)(FirstTail + (index % Tails));
    }

    private static Dictionary<int, string> Read()
    {
        using var reader = new StreamReader(typeof(Decompositions).Assembly.GetManifestResourceStream("decompositions.txt")!);
        var table = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            int[] values = [.. line.Split(' ').Select(value => int.Parse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            table.Add(values[0], string.Concat(values[1..].Select(char.ConvertFromUtf32)));
        }

        return table;
    }
}
