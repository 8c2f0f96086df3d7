using System.Globalization;

namespace Transfer;

/// <summary>Tests last layers: for each part of the photos, one is trained with the others.</summary>
internal static class CrossValidation
{
    /// <summary>Prints the accuracy of each part, their mean and their standard deviation.</summary>
    /// <returns>The photos that were taken for the other kind, in all parts; null if training was cancelled.</returns>
    public static IReadOnlyList<Mistake>? Run(Heads heads, Folds folds, CancellationToken cancellation)
    {
        List<Mistake> mistakes = [];
        List<double> accuracies = [];
        for (var fold = 0; fold < folds.Count; fold++)
        {
            using var head = heads.Train(folds.Training(fold), cancellation);
            if (head is null)
                return null;
            var test = folds.Test(fold);
            Mistake[] wrong = [.. heads.Mistakes(head, test)];
            mistakes.AddRange(wrong);
            accuracies.Add(1 - (wrong.Length / (double)test.Length));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Fold {fold + 1}: accuracy {accuracies[^1]:P2}, {wrong.Length} of {test.Length} photos are wrong"));
        }

        var mean = accuracies.Average();
        var deviation = Math.Sqrt(accuracies.Sum(accuracy => (accuracy - mean) * (accuracy - mean)) / (accuracies.Count - 1));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Mean accuracy {mean:P2}, standard deviation {deviation:P2}, {mistakes.Count} mistakes"));
        return mistakes;
    }
}
