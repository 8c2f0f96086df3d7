namespace QuickStart;

/// <summary>The simplest language model: each character is as likely as it is frequent, whatever stands before it.</summary>
/// <param name="Loss">Its mean loss.</param>
/// <param name="Accuracy">How often the most frequent character is right.</param>
internal sealed record Unigram(double Loss, double Accuracy)
{
    /// <summary>The model of one text, measured on another.</summary>
    public static Unigram Of(ReadOnlySpan<int> train, ReadOnlySpan<int> validation, int vocabulary)
    {
        // One more of each, so that a character which only the validation text has is unlikely rather than impossible.
        var counts = new double[vocabulary];
        Array.Fill(counts, 1);
        foreach (var id in train)
            counts[id]++;

        var (total, loss, most) = (counts.Sum(), 0.0, Array.IndexOf(counts, counts.Max()));
        foreach (var id in validation)
            loss -= Math.Log(counts[id] / total);
        return new Unigram(loss / validation.Length, (double)validation.Count(most) / validation.Length);
    }
}
