using ModelDsl;

namespace MaskedLanguage;

/// <summary>Trains the trunk to guess hidden characters, without labels.</summary>
/// <param name="Model">The model.</param>
/// <param name="Tokenizer">The characters that have a token.</param>
internal sealed record Pretraining(MaskedModel Model, CharacterTokenizer Tokenizer) : IDisposable
{
    /// <summary>Creates a model for the characters of the training reviews.</summary>
    public static Pretraining Create(ReviewTexts reviews, int seed) => new(new MaskedModel(seed), reviews.CreateTokenizer());

    /// <summary>Loads what <see cref="Save"/> has written.</summary>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or holds another model.</exception>
    public static Pretraining Load(string path)
    {
        var tokenizer = CharacterTokenizer.Load(TokenizerPath(path));
        if (tokenizer.VocabularySize <= ReviewTexts.Vocabulary)
            return new Pretraining(MaskedModel.FromFile(path), tokenizer);
        throw new InvalidDataException($"{TokenizerPath(path)}: has {tokenizer.VocabularySize} ids; the model has {ReviewTexts.Vocabulary}. Train again without --weights.");
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
