namespace ModelDsl;

public abstract partial class Dataset
{
    /// <summary>Adds the weight of each sample as the last column, for a model whose loss has <c>SampleWeights</c>, or whose <c>[Loss]</c> method passes its last column to its loss functions as <c>weights</c>. The array is not copied.</summary>
    /// <param name="weights">The weights, in the order of the samples; finite and not negative. The loss is <c>Σ w·l / Σ w</c>.</param>
    /// <returns>The dataset with one more column.</returns>
    /// <exception cref="ArgumentException">The numbers of weights and samples differ, or a weight is negative or not finite.</exception>
    public Dataset WithWeights(float[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length != Count)
            throw new ArgumentException($"There are {weights.Length} weights, but {Count} samples: give one weight for each sample.", nameof(weights));
        var invalid = Array.FindIndex(weights, static weight => !(weight >= 0 && float.IsFinite(weight)));
        if (invalid >= 0)
            throw new ArgumentException($"The weight of sample {invalid} is {weights[invalid]}: weights are finite and not negative.", nameof(weights));
        return new WeightedDataset(this, DataColumn.Floats("weight", weights));
    }
}
