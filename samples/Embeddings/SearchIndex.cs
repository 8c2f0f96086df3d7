namespace Embeddings;

/// <summary>Passages with their vectors.</summary>
/// <param name="Passages">The passages.</param>
/// <param name="Vectors">A vector for each of them.</param>
internal sealed record SearchIndex(IReadOnlyList<Passage> Passages, IReadOnlyList<float[]> Vectors)
{
    private const int BatchSize = 32;

    /// <summary>Computes the vectors that the file does not have. What is computed is kept in the file, even if the computation is cancelled.</summary>
    /// <param name="passages">The passages.</param>
    /// <param name="sentences">Computes vectors.</param>
    /// <param name="known">The file.</param>
    /// <param name="progress">Is called with the number of vectors that have been computed, and the number of vectors that are computed in all.</param>
    /// <param name="cancellation">Ends the computation.</param>
    public static SearchIndex Of(IReadOnlyList<Passage> passages, Sentences sentences, VectorFile known, Action<int, int> progress, CancellationToken cancellation)
    {
        string[] texts = [.. passages.Select(passage => passage.Text).Distinct().Where(text => known.Find(text) is null)];
        try
        {
            for (var i = 0; i < texts.Length; i += BatchSize)
            {
                cancellation.ThrowIfCancellationRequested();
                var batch = texts[i..Math.Min(i + BatchSize, texts.Length)];
                // Predictions run on the thread that calls them, and any number of threads can predict.
                var vectors = batch.AsParallel().AsOrdered().Select(text => sentences.Encode(text)).ToArray();
                for (var j = 0; j < batch.Length; j++)
                    known.Add(batch[j], vectors[j]);
                progress(i + batch.Length, texts.Length);
            }
        }
        finally
        {
            if (texts.Length > 0)
                known.Save();
        }

        return new SearchIndex(passages, [.. passages.Select(passage => known.Find(passage.Text)!)]);
    }

    /// <summary>Returns the passages that are most similar to a question, the best first, with the cosine of the two vectors.</summary>
    public IEnumerable<(Passage Passage, float Similarity)> Search(float[] question, int most) =>
        Passages.Zip(Vectors, (passage, vector) => (passage, Similarity: Dot(vector, question))).OrderByDescending(found => found.Similarity).Take(most);

    /// <summary>The cosine, because the vectors have the length 1.</summary>
    private static float Dot(float[] left, float[] right)
    {
        var sum = 0f;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
