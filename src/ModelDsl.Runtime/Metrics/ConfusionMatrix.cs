using ModelDsl.Images;

namespace ModelDsl;

/// <summary>
/// How often each class was taken for each: the source of precision, recall and F1. As a metric its value is the accuracy.
/// </summary>
/// <example>
/// <code>
/// var matrix = new ConfusionMatrix();
/// trainer.Evaluate(model, test, matrix);
/// Console.WriteLine(matrix);
/// Console.WriteLine(matrix.Report());
/// </code>
/// </example>
public sealed class ConfusionMatrix : Metric
{
    private long[] counts = [];

    /// <summary>Creates an empty matrix; the first batch decides the number of classes.</summary>
    /// <param name="names">The names of the classes, for printing; none for their numbers.</param>
    public ConfusionMatrix(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        ClassNames = names;
    }

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <summary>Above it a binary output means yes: 0 for logits, the default.</summary>
    public float Threshold { get; init; }

    /// <summary>The names of the classes; may have fewer than <see cref="Classes"/>.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The number of classes; 0 before the first batch.</summary>
    public int Classes { get; private set; }

    /// <summary>The number of decisions.</summary>
    public long Total { get; private set; }

    /// <summary>The share of right decisions; NaN without any.</summary>
    public override double Result => Total == 0 ? double.NaN : (double)Right / Total;

    private long Right
    {
        get
        {
            long right = 0;
            for (var i = 0; i < Classes; i++)
                right += this[i, i];
            return right;
        }
    }

    /// <summary>How often one class was taken for another.</summary>
    /// <param name="actual">The true class.</param>
    /// <param name="predicted">What the model said.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long this[int actual, int predicted]
    {
        get
        {
            Check(actual);
            Check(predicted);
            return counts[(actual * Classes) + predicted];
        }
    }

    /// <summary>How often a class is the true one.</summary>
    /// <param name="actual">The class.</param>
    public long Support(int actual)
    {
        long sum = 0;
        for (var i = 0; i < Classes; i++)
            sum += this[actual, i];
        return sum;
    }

    /// <summary>How often the model said a class.</summary>
    /// <param name="predicted">The class.</param>
    public long Predicted(int predicted)
    {
        long sum = 0;
        for (var i = 0; i < Classes; i++)
            sum += this[i, predicted];
        return sum;
    }

    /// <summary>Of those said to be of a class, the share that is; 0 when none was said to be.</summary>
    /// <param name="index">The class.</param>
    public double Precision(int index) => Ratio(this[index, index], Predicted(index));

    /// <summary>Of those in a class, the share that was found; 0 when there are none.</summary>
    /// <param name="index">The class.</param>
    public double Recall(int index) => Ratio(this[index, index], Support(index));

    /// <summary>The harmonic mean of precision and recall; 0 when both are.</summary>
    /// <param name="index">The class.</param>
    public double F1(int index) => Ratio(2 * this[index, index], Support(index) + Predicted(index));

    /// <summary>The precision of all classes together.</summary>
    /// <param name="average">How classes are weighed.</param>
    public double Precision(Average average) => Mean(average, Precision);

    /// <summary>The recall of all classes together.</summary>
    /// <param name="average">How classes are weighed.</param>
    public double Recall(Average average) => Mean(average, Recall);

    /// <summary>The F1 score of all classes together.</summary>
    /// <param name="average">How classes are weighed.</param>
    public double F1(Average average) => Mean(average, F1);

    /// <inheritdoc/>
    public override void Reset()
    {
        Array.Clear(counts);
        Total = 0;
    }

    /// <inheritdoc/>
    public override void Update(in MetricBatch batch)
    {
        var classes = batch.IsBinary ? 2 : batch.Width;
        if (Total == 0 && Classes != classes)
            (Classes, counts) = (classes, new long[classes * classes]);
        if (Classes != classes)
            throw new InvalidOperationException($"The confusion matrix has {Classes} classes, and now sees {classes}.");

        var decisions = batch.Decisions("confusion matrix");
        for (var i = 0; i < decisions; i++)
        {
            var truth = batch.TrueClass(i);
            if (truth >= classes)
                throw new InvalidOperationException($"A label is {truth}; there are {classes} classes.");
            if (truth < 0)
                continue;
            counts[(truth * classes) + batch.PredictedClass(i, Threshold)]++;
            Total++;
        }
    }

    /// <summary>The matrix as a table: true classes down, predicted ones across.</summary>
    public override string ToString() => ConfusionTable.Matrix(this);

    /// <summary>Precision, recall, F1 and support of each class, and their averages, as a table.</summary>
    public string Report() => ConfusionTable.Report(this);

    /// <summary>
    /// The matrix as a picture: true classes down, predicted ones across; right decisions blue and wrong ones red, the stronger the larger their share of the
    /// true class. Names are shown in capital letters without accents.
    /// </summary>
    /// <exception cref="InvalidOperationException">It has seen no batch yet.</exception>
    /// <example>
    /// <code>
    /// matrix.ToImage().SavePng("confusion.png");
    /// </code>
    /// </example>
    public Image ToImage() => Classes > 0
        ? ConfusionPicture.Draw(this)
        : throw new InvalidOperationException("The confusion matrix is empty: evaluate a model with it first.");

    /// <summary>What a class is called.</summary>
    internal string NameOf(int index) =>
        index < ClassNames.Count ? ClassNames[index] : index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private double Mean(Average average, Func<int, double> ofClass)
    {
        if (Total == 0)
            return double.NaN;
        // Every wrong decision is one missed and one wrongly found: over all classes both shares equal the accuracy.
        if (average == Average.Micro)
            return Result;

        var (sum, present) = (0.0, 0);
        for (var i = 0; i < Classes; i++)
        {
            var support = Support(i);
            if (average == Average.Weighted)
            {
                sum += ofClass(i) * support / Total;
            }
            else if (support + Predicted(i) > 0)
            {
                sum += ofClass(i);
                present++;
            }
        }

        return average == Average.Weighted ? sum : sum / present;
    }

    private void Check(int index)
    {
        if ((uint)index >= (uint)Classes)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The confusion matrix has {Classes} classes.");
    }
}

/// <summary>How the classes are weighed when a measure per class becomes one number.</summary>
public enum Average
{
    /// <summary>Every class counts the same; classes that neither occur nor are predicted are left out.</summary>
    Macro,

    /// <summary>Every decision counts the same.</summary>
    Micro,

    /// <summary>Every class counts as often as it occurs.</summary>
    Weighted,
}
