using ModelDsl;

namespace Transfer;

/// <summary>Trains the last layer on features.</summary>
/// <param name="Features">The features of all photos.</param>
/// <param name="Seed">Decides initial weights and orders.</param>
internal sealed record Heads(Features Features, int Seed)
{
    /// <summary>Trains a last layer with some of the photos. Returns null if training was cancelled.</summary>
    public HeadNet? Train(IEnumerable<int> rows, CancellationToken cancellation)
    {
        var head = new HeadNet(Seed);
        // There are few photos for so many features. A strong weight decay reduces overfitting.
        var trainer = new Trainer(new AdamW(1e-3, weightDecay: 3)) { Epochs = 30, BatchSize = 32, Seed = Seed, Schedule = LearningRateSchedule.Cosine(), View = TrainingView.None };
        if (!trainer.Fit(head, Features.ToDataset().Select(rows), cancellation: cancellation).Cancelled)
            return head;
        head.Dispose();
        return null;
    }

    /// <summary>Returns the photos among some that a last layer takes for the other kind, with the probability that it gives to that kind.</summary>
    public IEnumerable<Mistake> Mistakes(HeadNet head, IEnumerable<int> rows)
    {
        foreach (var row in rows)
        {
            var wrong = head.Predict(Features[row])[1 - Features.Labels[row]];
            if (wrong > 0.5f)
                yield return new Mistake(Features.Files[row], wrong);
        }
    }
}

/// <summary>A photo that was taken for the other kind.</summary>
/// <param name="File">The number of the photo in the list of files.</param>
/// <param name="Probability">The probability of the other kind.</param>
internal sealed record Mistake(int File, float Probability);
