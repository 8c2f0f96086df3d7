using System.Globalization;
using ModelDsl;

namespace MaskedLanguage;

/// <summary>Trains classifiers on a few labels, with the trunk of the pre-training and from scratch, and tests both.</summary>
/// <param name="Reviews">The reviews.</param>
/// <param name="Tokenizer">The tokenizer of the pre-training.</param>
/// <param name="Weights">The file of the pre-training.</param>
/// <param name="Labels">The number of reviews with a label.</param>
internal sealed record Comparison(ReviewTexts Reviews, CharacterTokenizer Tokenizer, string Weights, int Labels)
{
    /// <summary>The number of passes over the labels. It is fixed, so that no label has to be held back to decide when to stop.</summary>
    private const int Epochs = 20;

    /// <summary>Compares for several seeds. A seed decides which reviews have a label, the initial weights and the orders.</summary>
    /// <returns>Whether training was not cancelled.</returns>
    public bool Run(int first, int count, CancellationToken cancellation)
    {
        var test = ReviewTexts.Labelled(Reviews.Test, Tokenizer);
        List<double> scratch = [], tuned = [], gains = [];
        for (var seed = first; seed < first + count; seed++)
        {
            var chosen = (Review[])Reviews.Train.Clone();
            new Random(seed).Shuffle(chosen);
            var train = ReviewTexts.Labelled(chosen[..Labels], Tokenizer);
            if (Test(train, test, seed, false, cancellation) is not { } without || Test(train, test, seed, true, cancellation) is not { } with)
                return false;
            scratch.Add(without);
            tuned.Add(with);
            gains.Add(with - without);
            Line($"Seed {seed}: from scratch {without:P1}, pre-trained {with:P1}, gain {100 * (with - without):+0.0;-0.0} points");
        }

        Line($"\nFrom scratch: {Spread(scratch)}");
        Line($"Pre-trained:  {Spread(tuned)}");
        Line($"Gain:         {Spread(gains)}");
        var positive = Reviews.Test.Average(review => review.Label);
        Line($"{Math.Max(positive, 1 - positive):P1} of the test reviews are of the larger class.");
        return true;
    }

    /// <summary>Loads the trunk of the pre-training into a classifier. Its other weights keep their initial values.</summary>
    public static LoadReport LoadTrunk(SentimentModel model, string path) =>
        model.Load(path, new LoadOptions { FilePrefix = "trunk.", Prefix = "trunk.", AllowMissing = true });

    private double? Test(Dataset train, Dataset test, int seed, bool isPretrained, CancellationToken cancellation)
    {
        using var model = new SentimentModel(seed);
        if (isPretrained)
            LoadTrunk(model, Weights);
        var trainer = new Trainer(new AdamW(5e-4) { ClipNorm = 1 })
        {
            Epochs = Epochs,
            BatchSize = 32,
            EvaluationBatchSize = 64,
            Seed = seed,
            Schedule = LearningRateSchedule.WarmUp(20, LearningRateSchedule.Cosine()),
            View = TrainingView.None,
        };
        if (trainer.Fit(model, train, cancellation: cancellation).Cancelled)
            return null;
        var matrix = new ConfusionMatrix(TextClassifier.Reviews.ClassNames);
        trainer.Evaluate(model, test, matrix);
        return matrix.Result;
    }

    /// <summary>The mean and the standard deviation of a sample, in percent.</summary>
    private static string Spread(List<double> values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return string.Create(CultureInfo.InvariantCulture, $"mean {mean:P1}, standard deviation {deviation:P1}, from {values.Min():P1} to {values.Max():P1}");
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
