using ModelDsl;

namespace MaskedLanguage;

/// <summary>Trains the trunk to guess hidden characters, without labels.</summary>
/// <param name="Model">The model.</param>
/// <param name="Tokenizer">The characters that have a token.</param>
internal sealed record Pretraining(MaskedModel Model, CharacterTokenizer Tokenizer) : IDisposable
{
    private const string Advice = "What to do: name the weights that an earlier run has saved, whose path it prints, with the tokenizer beside them; or leave --weights out, which trains again.";

    /// <summary>Creates a model for the characters of the training reviews.</summary>
    public static Pretraining Create(ReviewTexts reviews, int seed) => new(new MaskedModel(seed), reviews.CreateTokenizer());

    /// <summary>Loads what <see cref="Save"/> has written.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or holds another model.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Pretraining Load(string path)
    {
        var beside = TokenizerPath(path);
        string[] missing = [.. new[] { path, beside }.Where(file => !File.Exists(file))];
        if (missing.Length > 0)
        {
            throw new FileNotFoundException(
                $"There is no {string.Join(" and no ", missing.Select(file => $"'{file}'"))}. A pre-training has two files, the weights and a tokenizer: '{Path.GetFileName(path)}' and '{Path.GetFileName(beside)}'.\n{Advice}", missing[0]);
        }

        try
        {
            var tokenizer = CharacterTokenizer.Load(beside);
            return tokenizer.VocabularySize <= ReviewTexts.Vocabulary
                ? new Pretraining(MaskedModel.FromFile(path), tokenizer)
                : throw new InvalidDataException($"'{beside}' has {tokenizer.VocabularySize} ids; expected at most {ReviewTexts.Vocabulary}, those of the model.");
        }
        catch (CheckpointMismatchException exception)
        {
            const int Listed = 5;
            var lines = string.Concat(exception.Differences.Take(Listed).Select(difference => $"\n  {difference}"));
            var more = exception.Differences.Count > Listed ? $"\n  and {exception.Differences.Count - Listed} more" : "";
            throw new InvalidDataException($"'{path}' does not have the weights of a pre-training of this program:{lines}{more}\n{Advice}", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{exception.Message}\n{Advice}", exception);
        }
    }

    /// <summary>Trains the model. The learning rate falls to 0.</summary>
    /// <returns>Whether training was not cancelled.</returns>
    public bool Train(IEnumerable<Review> reviews, int epochs, int seed, ITrainingView view, CancellationToken cancellation)
    {
        var trainer = new Trainer(new AdamW(2e-3) { ClipNorm = 1 })
        {
            Epochs = epochs,
            BatchSize = 32,
            Seed = seed,
            Schedule = LearningRateSchedule.WarmUp(200, LearningRateSchedule.Cosine()),
            View = view,
        };
        return !trainer.Fit(Model, new MaskedTexts(reviews.Select(review => review.Text), Tokenizer), cancellation: cancellation).Cancelled;
    }

    /// <summary>The loss and the accuracy of the guesses about the hidden characters of reviews.</summary>
    public Evaluation Evaluate(IEnumerable<Review> reviews) =>
        new Trainer(new Adam()) { BatchSize = 64 }.Evaluate(Model, new MaskedTexts(reviews.Select(review => review.Text), Tokenizer));

    /// <summary>Saves the weights, and the tokenizer beside them.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Save(string path)
    {
        Model.Save(path);
        Tokenizer.Save(TokenizerPath(path));
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static string TokenizerPath(string path) => Path.ChangeExtension(path, ".tokenizer.json");
}
