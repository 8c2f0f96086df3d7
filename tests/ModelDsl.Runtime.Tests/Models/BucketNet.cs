namespace ModelDsl.Runtime.Tests.Models;

/// <summary>A classifier of texts with buckets.</summary>
[Model, TokenInput(Length, Vocabulary, Padding = 0, Buckets = new[] { 8, 16 }), Embedding(6), Lstm(7, Bidirectional = true), Dense(3), SoftmaxCrossEntropy]
public sealed partial class BucketNet
{
    /// <summary>The number of tokens of a sample.</summary>
    public const int Length = 40;

    /// <summary>The number of different tokens.</summary>
    public const int Vocabulary = 30;

    /// <summary>Random texts, padded at their ends.</summary>
    /// <param name="lengths">The number of tokens of each.</param>
    /// <param name="seed">The seed.</param>
    public static Dataset Texts(IReadOnlyList<int> lengths, int seed = 1)
    {
        var random = new Random(seed);
        var tokens = new int[lengths.Count * Length];
        for (var sample = 0; sample < lengths.Count; sample++)
        {
            for (var i = 0; i < lengths[sample]; i++)
                tokens[(sample * Length) + i] = random.Next(1, Vocabulary);
        }

        return Dataset.FromColumns(DataColumn.Ints("input", tokens, Length), DataColumn.Ints("label", lengths.Select(length => length % 3).ToArray()));
    }

    /// <summary>Random texts of random lengths, most of them short.</summary>
    /// <param name="count">The number of texts.</param>
    /// <param name="seed">The seed.</param>
    public static Dataset Texts(int count, int seed = 1)
    {
        var random = new Random(seed);
        return Texts([.. Enumerable.Range(0, count).Select(_ => 1 + (int)((Length - 1) * Math.Pow(random.NextDouble(), 3)))], seed);
    }
}

/// <summary>The same without buckets.</summary>
[Model, TokenInput(BucketNet.Length, BucketNet.Vocabulary, Padding = 0), Embedding(6), Lstm(7, Bidirectional = true), Dense(3), SoftmaxCrossEntropy]
public sealed partial class UnbucketedNet;

/// <summary>A table of which only the rows of a batch are updated.</summary>
[Model, TokenInput(BucketNet.Length, BucketNet.Vocabulary, Padding = 0, Buckets = new[] { 8, 16 }), Embedding(6, SparseUpdates = true), GlobalAveragePool, Dense(3), SoftmaxCrossEntropy]
public sealed partial class SparseBucketNet;

/// <summary>The same without buckets.</summary>
[Model, TokenInput(BucketNet.Length, BucketNet.Vocabulary, Padding = 0), Embedding(6, SparseUpdates = true), GlobalAveragePool, Dense(3), SoftmaxCrossEntropy]
public sealed partial class SparseUnbucketedNet;
