namespace ModelDsl.Training.TensorBoard;

/// <summary>
/// The precision and recall of a binary classifier at thresholds i / (n − 1) for i from 0 to n − 1; a prediction is positive if it is at least the threshold. Precision is TP / (TP + FP), and recall
/// TP / (TP + FN).
/// </summary>
internal static class PrCurve
{
    /// <summary>The number of rows: true positives, false positives, true negatives, false negatives, precision, recall.</summary>
    public const int Rows = 6;

    /// <summary>Computes a curve.</summary>
    /// <returns>The rows, one after the other, each with a value for each threshold.</returns>
    public static float[] Compute(ReadOnlySpan<float> predictions, ReadOnlySpan<bool> labels, int thresholds)
    {
        var (positives, negatives) = (new long[thresholds], new long[thresholds]);
        for (var i = 0; i < predictions.Length; i++)
            (labels[i] ? positives : negatives)[Bucket(predictions[i], thresholds)]++;
        var rows = new float[Rows * thresholds];
        var (allPositives, allNegatives, truePositives, falsePositives) = (positives.Sum(), negatives.Sum(), 0L, 0L);
        for (var t = thresholds - 1; t >= 0; t--)
        {
            truePositives += positives[t];
            falsePositives += negatives[t];
            rows[t] = truePositives;
            rows[thresholds + t] = falsePositives;
            rows[(2 * thresholds) + t] = allNegatives - falsePositives;
            rows[(3 * thresholds) + t] = allPositives - truePositives;

            // Without a positive prediction there is no false one, so the precision is 1.
            rows[(4 * thresholds) + t] = truePositives + falsePositives == 0 ? 1 : (float)truePositives / (truePositives + falsePositives);
            rows[(5 * thresholds) + t] = allPositives == 0 ? 0 : (float)truePositives / allPositives;
        }

        return rows;
    }

    /// <summary>Returns the index of the greatest threshold that a prediction reaches.</summary>
    private static int Bucket(float prediction, int thresholds)
    {
        var last = thresholds - 1;
        var index = (int)(Math.Clamp(prediction, 0f, 1f) * (double)last);

        // The product is rounded, so the neighbours are compared with the prediction itself.
        while (index < last && prediction >= Threshold(index + 1))
            index++;
        while (index > 0 && prediction < Threshold(index))
            index--;
        return index;

        float Threshold(int i) => (float)((double)i / last);
    }
}
