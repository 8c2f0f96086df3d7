namespace ModelDsl;

public abstract partial class Dataset
{
    /// <summary>Adds the weight of each sample as the last column, for a model whose loss has <c>SampleWeights</c>. The array is not copied.</summary>
    /// <param name="weights">The weights, in the order of the samples; finite and not negative. The loss is <c>Σ w·l / Σ w</c>.</param>
    /// <returns>The dataset with one more column.</returns>
    /// <exception cref="ArgumentException">The numbers of weights and samples differ.</exception>
    public Dataset WithWeights(float[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length != Count)
            throw new ArgumentException($"There are {weights.Length} weights, but {Count} samples: give one weight for each sample.", nameof(weights));
        return new WeightedDataset(this, DataColumn.Floats("weight", weights));
    }
}
