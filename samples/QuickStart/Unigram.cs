using ModelDsl;

namespace QuickStart;

/// <summary>The simplest language model: each character is as likely as it is frequent, whatever stands before it.</summary>
internal static class Unigram
{
    /// <summary>Its mean loss on one text when the frequencies come from another.</summary>
    public static double Loss(ReadOnlySpan<int> train, ReadOnlySpan<int> validation, int vocabulary)
    {
        // One more of each, so that a character which only the validation text has is unlikely rather than impossible.
        var counts = new double[vocabulary];
        Array.Fill(counts, 1);
        foreach (var id in train)
            counts[id]++;

        var (total, loss) = (counts.Sum(), 0.0);
        foreach (var id in validation)
            loss -= Math.Log(counts[id] / total);
        return loss / validation.Length;
    }
}
