using System.Globalization;
using ModelDsl;

namespace TextClassifier;

/// <summary>Trains models on four fifths of the reviews and tests them on the rest.</summary>
/// <param name="Reviews">All reviews.</param>
/// <param name="Create">Creates a model with a seed.</param>
/// <param name="Epochs">The maximum number of passes over the training reviews.</param>
/// <param name="Most">The maximum number of training reviews.</param>
internal sealed record Course(Reviews Reviews, Func<int, Model> Create, int Epochs, int Most)
{
    /// <summary>Trains and tests one model, and shows all about it.</summary>
    /// <returns>The model, or null if training was cancelled.</returns>
    public Model? Run(int seed, CancellationToken cancellation)
    {
        var model = Create(seed);
        Console.WriteLine(model.Summary());
        if (Test(model, seed, TrainingView.Default, cancellation) is not { } result)
        {
            model.Dispose();
            return null;
        }

        var matrix = result.Matrix;
        Line($"\n{matrix.Report()}\n\n{matrix}\n");
        Line($"Test accuracy {matrix.Result:P1} after {result.Seconds:0.0} s. {Math.Max(matrix.Support(0), matrix.Support(1)) / (double)matrix.Total:P1} of the test reviews are of the larger class.");
        return model;
    }

    /// <summary>Trains and tests a model for each of several seeds, and shows the mean and the spread of their results.</summary>
    /// <returns>Whether training was not cancelled.</returns>
    public bool Compare(int first, int count, CancellationToken cancellation)
    {
        List<double> accuracies = [], scores = [];
        for (var seed = first; seed < first + count; seed++)
        {
            using var model = Create(seed);
            if (Test(model, seed, TrainingView.None, cancellation) is not { } result)
                return false;
            accuracies.Add(result.Matrix.Result);
            scores.Add(result.Matrix.F1(Average.Macro));
            Line($"Seed {seed}: test accuracy {accuracies[^1]:P1}, F1 {scores[^1]:0.000}, {result.Seconds:0.0} s");
        }

        Line($"Accuracy: mean {accuracies.Average():P1}, standard deviation {Deviation(accuracies):P1}, from {accuracies.Min():P1} to {accuracies.Max():P1}. Mean F1 {scores.Average():0.000}.");
        return true;
    }

    /// <summary>Trains a model and tests it. The seed also decides which reviews are for training.</summary>
    private (ConfusionMatrix Matrix, double Seconds)? Test(Model model, int seed, ITrainingView view, CancellationToken cancellation)
    {
        var (train, test) = Reviews.Samples.Split(0.8, seed);
        var trainer = new Trainer(new Adam(1e-3))
        {
            Epochs = Epochs,
            BatchSize = 32,
            Seed = seed,
            // After a few epochs the model learns the training reviews by heart. A tenth of them decides which epoch was the best; the test reviews decide nothing.
            ValidationSplit = 0.1,
            Callbacks = [new EarlyStopping(patience: 3)],
            View = view,
        };
        var history = trainer.Fit(model, train.Take(Most), cancellation: cancellation);
        if (history.Cancelled)
            return null;
        var matrix = new ConfusionMatrix(Reviews.ClassNames);
        trainer.Evaluate(model, test, matrix);
        return (matrix, history.Duration.TotalSeconds);
    }

    /// <summary>The standard deviation of a sample.</summary>
    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
