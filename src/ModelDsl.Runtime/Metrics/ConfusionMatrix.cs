using ModelDsl.Images;

namespace ModelDsl;

/// <summary>
/// The number of predictions for each pair of true and predicted class, from which precision, recall and F1 are computed. Its value as a metric is the accuracy.
/// </summary>
/// <example>
/// <code>
/// var matrix = new ConfusionMatrix();
/// trainer.Evaluate(model, test, matrix);
/// Console.WriteLine(matrix);
/// Console.WriteLine(matrix.Report());
/// </code>
/// </example>
public sealed class ConfusionMatrix : Metric, ICheckpointState
{
    private long[] counts = [];

    /// <summary>Creates an empty matrix. The first batch decides the number of classes.</summary>
    /// <param name="names">The names of the classes, for tables and images; if there are none, their numbers are used.</param>
    public ConfusionMatrix(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        ClassNames = names;
    }

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <summary>A binary output greater than this is positive: 0 for logits, the default.</summary>
    public float Threshold { get; init; }

    /// <summary>The names of the classes, which may be fewer than <see cref="Classes"/>.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The number of classes; 0 before the first batch.</summary>
    public int Classes { get; private set; }

    /// <summary>The number of decisions.</summary>
    public long Total { get; private set; }

    /// <summary>The fraction of correct decisions; NaN if there are none.</summary>
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

    /// <summary>Gets the number of samples of one class that were predicted as another.</summary>
    /// <param name="actual">The true class.</param>
    /// <param name="predicted">The predicted class.</param>
    /// <exception cref="ArgumentOutOfRangeException">A class is out of range.</exception>
    public long this[int actual, int predicted]
    {
        get
        {
            Check(actual);
            Check(predicted);
            return counts[(actual * Classes) + predicted];
        }
    }

    /// <summary>Returns the number of samples of a class.</summary>
    /// <param name="actual">The class.</param>
    public long Support(int actual)
    {
        long sum = 0;
        for (var i = 0; i < Classes; i++)
            sum += this[actual, i];
        return sum;
    }

    /// <summary>Returns the number of predictions of a class.</summary>
    /// <param name="predicted">The class.</param>
    public long Predicted(int predicted)
    {
        long sum = 0;
        for (var i = 0; i < Classes; i++)
            sum += this[i, predicted];
        return sum;
    }

    /// <summary>Returns the fraction of the predictions of a class that are correct; 0 if there are none.</summary>
    /// <param name="index">The class.</param>
    public double Precision(int index) => Ratio(this[index, index], Predicted(index));

    /// <summary>Returns the fraction of the samples of a class that are predicted correctly; 0 if there are none.</summary>
    /// <param name="index">The class.</param>
    public double Recall(int index) => Ratio(this[index, index], Support(index));

    /// <summary>Returns the harmonic mean of precision and recall; 0 if both are 0.</summary>
    /// <param name="index">The class.</param>
    public double F1(int index) => Ratio(2 * this[index, index], Support(index) + Predicted(index));

    /// <summary>Returns the precision, averaged over all classes.</summary>
    /// <param name="average">How classes are averaged.</param>
    public double Precision(Average average) => Mean(average, Precision);

    /// <summary>Returns the recall, averaged over all classes.</summary>
    /// <param name="average">How classes are averaged.</param>
    public double Recall(Average average) => Mean(average, Recall);

    /// <summary>Returns the F1 score, averaged over all classes.</summary>
    /// <param name="average">How classes are averaged.</param>
    public double F1(Average average) => Mean(average, F1);

    /// <inheritdoc/>
    public override Metric CreateEmpty() => new ConfusionMatrix(ClassNames) { Output = Output, Target = Target, Threshold = Threshold };

    /// <inheritdoc/>
    public override void Add(Metric other)
    {
        var added = Cast<ConfusionMatrix>(other);
        if (added.Total == 0)
            return;
        if (Total == 0)
            (Classes, counts) = (added.Classes, new long[added.counts.Length]);
        if (Classes != added.Classes)
            throw new InvalidOperationException($"A confusion matrix of {added.Classes} classes cannot be added to one of {Classes}.");
        for (var i = 0; i < counts.Length; i++)
            counts[i] += added.counts[i];
        Total += added.Total;
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Array.Clear(counts);
        Total = 0;
    }

    void ICheckpointState.SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(nameof(Classes), Classes);
        writer.Write(nameof(Total), Total);
        writer.Write(nameof(counts), counts);
    }

    void ICheckpointState.RestoreState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Classes = checked((int)reader.GetInt64(nameof(Classes)));
        Total = reader.GetInt64(nameof(Total));
        counts = reader.GetInt64s(nameof(counts));
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

    /// <summary>Returns the matrix as a table, with true classes in rows and predicted classes in columns.</summary>
    public override string ToString() => ConfusionTable.Matrix(this);

    /// <summary>Returns a table of precision, recall, F1 and support of each class, and their averages.</summary>
    public string Report() => ConfusionTable.Report(this);

    /// <summary>
    /// Returns the matrix as an image, with true classes in rows and predicted classes in columns. Correct decisions are blue and wrong ones red; a greater fraction of the
    /// true class gives a darker color. Names are drawn in capital letters without accents.
    /// </summary>
    /// <exception cref="InvalidOperationException">The metric has no batch yet.</exception>
    /// <example>
    /// <code>
    /// matrix.ToImage().SavePng("confusion.png");
    /// </code>
    /// </example>
    public Image ToImage() => Classes > 0
        ? ConfusionPicture.Draw(this)
        : throw new InvalidOperationException("The confusion matrix is empty: evaluate a model with it first.");

    /// <summary>Returns the name of a class.</summary>
    internal string NameOf(int index) =>
        index < ClassNames.Count ? ClassNames[index] : index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private double Mean(Average average, Func<int, double> ofClass)
    {
        if (Total == 0)
            return double.NaN;
        // Every wrong decision is one false positive and one false negative: over all classes, precision and recall both equal the accuracy.
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

/// <summary>How values per class are averaged.</summary>
public enum Average
{
    /// <summary>All classes have the same weight; classes that neither occur nor are predicted are omitted.</summary>
    Macro,

    /// <summary>All decisions have the same weight.</summary>
    Micro,

    /// <summary>The weight of a class is its number of samples.</summary>
    Weighted,
}
