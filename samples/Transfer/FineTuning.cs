using System.Globalization;
using ModelDsl;
using ModelDsl.Images;

namespace Transfer;

/// <summary>Trains all layers of the network further, beginning with a last layer that was trained on features.</summary>
internal static class FineTuning
{
    /// <summary>Trains with one part of the photos, tests before and after with the others, and prints both accuracies.</summary>
    /// <returns>Whether training was not cancelled.</returns>
    public static bool Run(Photos photos, int[] training, int[] test, HeadNet head, int epochs, int seed, CancellationToken cancellation)
    {
        using var net = new FineTunedNet(seed);
        Pretrained.Load(net);
        Pretrained.LoadHead(net, head);
        Console.WriteLine(net.Summary());

        // Large steps would change the imported layers more than so few photos can correct.
        var optimizer = new Adam(1e-4);
        optimizer.Scale("trunk", 0.1);
        var trainer = new Trainer(optimizer)
        {
            Epochs = epochs,
            BatchSize = 16,
            Seed = seed,
            Schedule = LearningRateSchedule.Cosine(),
            // Photos have numbers from 0 to 255, which the first layer expects.
            WarnOfUnscaledInputs = false,
        };
        var known = photos.Folder.Select(test);
        var before = trainer.Evaluate(net, known);
        var history = trainer.Fit(net, photos.Folder.Select(training).Augment([new RandomFlip()], seed), known, cancellation);
        if (history.Cancelled)
            return false;
        var after = trainer.Evaluate(net, known);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Fold 1 before fine-tuning: accuracy {before["accuracy"]:P2}, loss {before.Loss:0.0000}. After {epochs} epochs in {history.Duration.TotalSeconds:0} s: accuracy {after["accuracy"]:P2}, loss {after.Loss:0.0000}."));
        return true;
    }
}
