using ModelDsl.Images;
using ModelDsl.Training.TensorBoard;

namespace ModelDsl;

/// <summary>Writes an event file that TensorBoard shows: scalars, histograms, images, texts, precision-recall curves and hyperparameters.</summary>
/// <remarks>
/// Each value has a tag, under which TensorBoard shows it (the part before the first <c>/</c> groups tags), and a step, which is its position on the horizontal axis. Values are passed to the operating system
/// at once. Members can be called by several threads.
/// </remarks>
/// <example>
/// <code>
/// using var writer = new TensorBoardWriter("runs/a");
/// writer.AddScalar("loss/train", 0.5, step: 100);
/// // tensorboard --logdir runs
/// </code>
/// </example>
public sealed class TensorBoardWriter : IDisposable
{
    private const int MostThresholds = 10_000;

    private readonly Lock gate = new();
    private readonly EventFile file;
    private readonly SummaryWriter summary = new();

    /// <summary>Creates an event file.</summary>
    /// <param name="folder">The folder of the run, which is created if it does not exist. TensorBoard shows all event files of a folder as one run.</param>
    /// <exception cref="ArgumentException">The folder is null or empty.</exception>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public TensorBoardWriter(string folder)
        : this(folder, startStep: null)
    {
    }

    private TensorBoardWriter(string folder, long? startStep)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        file = new EventFile(folder);
        file.Write(summary.Version(startStep ?? 0));
        if (startStep is { } step)
            file.Write(summary.Start(step));
    }

    /// <summary>Creates an event file with which a run starts or continues: TensorBoard ignores values of later steps in earlier files of the folder.</summary>
    /// <param name="folder">The folder of the run, which is created if it does not exist.</param>
    /// <param name="step">The first step of this file, at least 0; in earlier files, values of this step and later ones are ignored.</param>
    /// <exception cref="ArgumentException">The folder is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public static TensorBoardWriter StartAt(string folder, long step) => new(folder, CheckStep(step));

    /// <summary>The path of the event file.</summary>
    public string FilePath => file.FilePath;

    /// <summary>Adds a number, which TensorBoard shows as a point of a curve.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="value">The number, which is rounded to 32 bits; infinities and NaN are allowed.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <exception cref="ArgumentException">The tag is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddScalar(string tag, double value, long step) => Write(tag, step, writer => writer.Scalar((float)value));

    /// <summary>Adds a histogram of values, in 64 buckets of equal width. Values that are infinite or NaN are left out; if there are no others, nothing is written.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="values">The values, in any order.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <exception cref="ArgumentException">The tag is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddHistogram(string tag, ReadOnlySpan<float> values, long step)
    {
        Check(tag, step);
        lock (gate)
        {
            if (!summary.Buckets.Fill(values))
                return;
            summary.Begin(tag, step);
            summary.Histogram();
            file.Write(summary.End());
        }
    }

    /// <summary>Adds an image.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="image">The image, such as that of an <see cref="ImageSheet"/>.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <exception cref="ArgumentException">The tag is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddImage(string tag, Image image, long step)
    {
        ArgumentNullException.ThrowIfNull(image);
        Write(tag, step, writer => writer.Image(image));
    }

    /// <summary>Adds a text.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="text">The text; TensorBoard shows it as Markdown.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <exception cref="ArgumentException">The tag is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddText(string tag, string text, long step)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(tag, step, writer => writer.Text(text));
    }

    /// <summary>Adds the precision and recall of a binary classifier at several thresholds, which lie at equal distances from 0 to 1. A prediction is positive if it is at least the threshold.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="predictions">The probabilities of the positive class, from 0 to 1.</param>
    /// <param name="labels">Whether each sample belongs to the positive class.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <param name="thresholds">The number of thresholds, from 2 to 10,000; the same for all curves of a tag.</param>
    /// <exception cref="ArgumentException">The tag is null or empty, the numbers of predictions and labels differ, there are none, or a prediction is not from 0 to 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative, or the number of thresholds is out of range.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddPrCurve(string tag, ReadOnlySpan<float> predictions, ReadOnlySpan<bool> labels, long step, int thresholds = 201)
    {
        if (thresholds is < 2 or > MostThresholds)
            throw ArgumentCheck.Out(nameof(thresholds), thresholds, $"from 2 to {MostThresholds}");
        if (predictions.Length != labels.Length || predictions.IsEmpty)
            throw new ArgumentException($"A curve needs a label for each prediction, but there are {predictions.Length} predictions and {labels.Length} labels.", nameof(labels));
        for (var i = 0; i < predictions.Length; i++)
        {
            if (predictions[i] is not (>= 0 and <= 1))
                throw new ArgumentException(FormattableString.Invariant($"Prediction {i} is {predictions[i]}; it must be a probability from 0 to 1. Use Predict, which applies the output activation."), nameof(predictions));
        }

        var curve = PrCurve.Compute(predictions, labels, thresholds);
        Write(tag, step, writer => writer.PrCurve(curve, thresholds));
    }

    /// <summary>
    /// Adds the hyperparameters of the run, once per folder, for the tab HParams. Each is a string, a Boolean or a number. Without <paramref name="metrics"/>, TensorBoard compares runs by all their scalars.
    /// </summary>
    /// <param name="values">The values by their names.</param>
    /// <param name="metrics">The tags of the scalars by which runs are compared; null for all. TensorBoard uses the list of one of the runs that it shows for all of them.</param>
    /// <exception cref="ArgumentException">There are no values, a name is empty, or a value has another type.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddHyperParameters(IReadOnlyDictionary<string, object> values, IReadOnlyList<string>? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        var parameters = HyperParameterSummary.Check(values);
        if (metrics is { Count: > 0 })
            Write(HyperParameterSummary.ExperimentTag, step: 0, writer => HyperParameterSummary.Experiment(writer, parameters, metrics));
        Write(HyperParameterSummary.StartTag, step: 0, writer => HyperParameterSummary.Start(writer, parameters));
    }

    /// <summary>Adds the end of the run with these hyperparameters. The first end that TensorBoard reads is final, so call it only when the run is not continued.</summary>
    /// <param name="succeeded">Whether the run succeeded.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void AddRunEnd(bool succeeded = true) => Write(HyperParameterSummary.EndTag, step: 0, writer => HyperParameterSummary.End(writer, succeeded));

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (gate)
            file.Dispose();
    }

    private static long CheckStep(long step) => step >= 0 ? step : throw ArgumentCheck.Out(nameof(step), step, "at least 0");

    private static void Check(string tag, long step)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        CheckStep(step);
    }

    private void Write(string tag, long step, Action<SummaryWriter> value)
    {
        Check(tag, step);
        lock (gate)
        {
            summary.Begin(tag, step);
            value(summary);
            file.Write(summary.End());
        }
    }
}
