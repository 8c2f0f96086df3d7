using System.Text;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit;

/// <summary>
/// Texts with every name of their own replaced by the order in which names appear: texts that are the same but for names become equal. One walk over the
/// characters, and nothing is allocated for a name that has been met before.
/// </summary>
internal sealed class CanonicalText
{
    private const int None = -1;

    private readonly StringBuilder result = new();
    private readonly List<(int Start, int Length, int Next, int Number)> known = [];
    private readonly int[] buckets = new int[256];

    /// <summary>The text with names as numbers.</summary>
    /// <param name="text">A text in C#.</param>
    /// <param name="isOwn">Whether a name that begins with a capital letter is one of the text's own.</param>
    public string Of(string text, Func<string, bool> isOwn)
    {
        result.Clear();
        known.Clear();
        for (var i = 0; i < buckets.Length; i++) buckets[i] = None;
        var (numbers, copied) = (0, 0);
        for (var at = 0; at < text.Length;)
        {
            if (!Begins(text[at]))
            {
                at++;
                continue;
            }

            var (start, hash) = (at, 0);
            for (; at < text.Length && Continues(text[at]); at++) hash = unchecked((hash * 31) + text[at]);
            var number = NumberOf(text, start, at - start, hash & (buckets.Length - 1));
            if (number == None) continue;
            result.Append(text, copied, start - copied).Append('$').Append(number);
            copied = at;
        }

        return result.Append(text, copied, text.Length - copied).ToString();

        int NumberOf(string all, int start, int length, int bucket)
        {
            for (var i = buckets[bucket]; i != None; i = known[i].Next)
            {
                var other = known[i];
                if (other.Length == length && string.CompareOrdinal(all, other.Start, all, start, length) == 0) return other.Number;
            }

            var name = all.Substring(start, length);
            var isOthers = (char.IsUpper(name[0]) && !isOwn(name)) || Names.Keywords.Contains(name) || name == "var";
            var number = isOthers ? None : numbers++;
            known.Add((start, length, buckets[bucket], number));
            buckets[bucket] = known.Count - 1;
            return number;
        }
    }

    private static bool Begins(char symbol) => symbol is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_';

    private static bool Continues(char symbol) => Begins(symbol) || symbol is >= '0' and <= '9' || (symbol > 127 && char.IsLetterOrDigit(symbol));
}
