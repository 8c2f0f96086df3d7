using System.Globalization;
using ModelDsl;

namespace CharGpt;

/// <summary>Training, validation, and some text that the model writes.</summary>
/// <param name="Path">The text to learn from.</param>
/// <param name="Context">How many characters the model sees.</param>
/// <param name="Batch">Samples of a step.</param>
/// <param name="Steps">Training steps.</param>
/// <param name="Sampling">How the text is written. Its seed decides the order of the samples too.</param>
internal sealed record Course(string Path, int Context, int Batch, int Steps, Sampling Sampling)
{
    /// <summary>Trains a model and prints its loss and a text.</summary>
    /// <returns>0, or 1 when training was cancelled.</returns>
    public int Run(Model model, Func<GenerationSession> createSession, CancellationToken cancellation)
    {
        var whole = TextCorpus.FromFiles(Path).Text;
        var tokenizer = CharacterTokenizer.FromText(whole, SmallGpt.Vocabulary);
        var ids = tokenizer.Encode(whole);
        var end = ids.Length - (ids.Length / 10);
        Console.WriteLine(model.Summary());

        // As many samples as the steps need, each beginning anywhere in the text.
        var all = Dataset.NextTokens(ids.AsMemory(0, end), Context, stride: 1);
        var train = all.Split(Math.Min(1, (double)Steps * Batch / all.Count), Sampling.Seed).First;
        var validation = Dataset.NextTokens(ids.AsMemory(end), Context);
        var trainer = new Trainer(new AdamW(1e-3, beta2: 0.99, weightDecay: 0.1) { ClipNorm = 1 })
        {
            Epochs = 1,
            BatchSize = Batch,
            Seed = Sampling.Seed,
            Schedule = LearningRateSchedule.WarmUp(100, LearningRateSchedule.Cosine(last: 0.1)),
        };
        var history = trainer.Fit(model, train, cancellation: cancellation);
        if (history.Cancelled)
            return 1;

        var score = trainer.Evaluate(model, validation);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{history.Steps:N0} steps in {history.Duration.TotalSeconds:0.0} s. Validation loss {score.Loss:0.000} on {validation.Count * Context:N0} characters.\n"));
        using var session = createSession();
        foreach (var token in session.Generate(tokenizer.Encode("\n"), Sampling.Options(), cancellation))
            Console.Write(tokenizer.Decode([token]));
        Console.WriteLine();
        return 0;
    }
}
