using ModelDsl;
using TextClassifier;

namespace MaskedLanguage;

/// <summary>Reviews of hotels, divided into those for training and those for the test. Both parts are the same in every run.</summary>
/// <param name="Train">The reviews for training: all of them for pre-training, without their labels, and a few with labels for the classifier.</param>
/// <param name="Test">Other reviews.</param>
internal sealed record ReviewTexts(Review[] Train, Review[] Test)
{
    /// <summary>The number of characters of a sample.</summary>
    public const int Length = 64;

    /// <summary>The number of ids of the tokenizer: padding, the unknown character, and the most frequent characters.</summary>
    public const int Vocabulary = 2_000;

    /// <summary>The token that hides a character. No text has it.</summary>
    public const int Mask = Vocabulary;

    /// <summary>The number of token ids of the models.</summary>
    public const int Tokens = Vocabulary + 1;

    /// <summary>Reads the reviews of a folder.</summary>
    /// <exception cref="FileNotFoundException">The folder does not have the file.</exception>
    /// <exception cref="InvalidDataException">The file has no column <c>label</c> or <c>review</c>, a label other than 0 and 1, or too few reviews.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ReviewTexts Read(string folder)
    {
        var reviews = Reviews.Read(folder);
        var labels = reviews.Samples.Batches(reviews.Samples.Count).First().Ints(1).ToArray();
        Review[] all = [.. reviews.Texts.Zip(labels, (text, label) => new Review(text, label))];
        new Random(0).Shuffle(all);
        var train = all[..^(all.Length / 5)];
        return new ReviewTexts(train, all[train.Length..]);
    }

    /// <summary>Creates a tokenizer of the characters of the training reviews.</summary>
    public CharacterTokenizer CreateTokenizer() =>
        CharacterTokenizer.FromTexts(Train.Select(review => review.Text), new VocabularyOptions { MinimumFrequency = 2, MaximumSize = Vocabulary });

    /// <summary>The beginnings of reviews, and their labels.</summary>
    public static Dataset Labelled(IReadOnlyList<Review> reviews, CharacterTokenizer tokenizer) =>
        Dataset.FromTexts([.. reviews.Select(review => review.Text)], [.. reviews.Select(review => review.Label)], new TextInput(tokenizer, Length));
}

/// <summary>A review.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Label">1 if it is positive, 0 if it is negative.</param>
internal sealed record Review(string Text, int Label);
