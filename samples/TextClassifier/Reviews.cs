using ModelDsl;

namespace TextClassifier;

/// <summary>Reviews of hotels as samples: the characters of the text, and 1 for a positive review or 0 for a negative one.</summary>
/// <param name="Samples">The samples.</param>
/// <param name="Tokenizer">The characters that have an id.</param>
/// <param name="Texts">The texts of the samples, in their order.</param>
/// <param name="Empty">The number of reviews that are left out because they have no text.</param>
internal sealed record Reviews(Dataset Samples, CharacterTokenizer Tokenizer, IReadOnlyList<string> Texts, int Empty)
{
    /// <summary>The file with the reviews.</summary>
    public const string FileName = "ChnSentiCorp_htl_all.csv";

    /// <summary>The number of characters of a sample.</summary>
    public const int Length = 100;

    /// <summary>The number of token ids of the models: padding, the unknown character, and known characters.</summary>
    public const int Vocabulary = 4000;

    /// <summary>The minimum number of reviews, so that the test has at least 20.</summary>
    private const int Least = 100;

    /// <summary>The names of the labels 0 and 1.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = ["negative", "positive"];

    /// <summary>Reads the reviews of a folder.</summary>
    /// <exception cref="FileNotFoundException">The folder does not have the file.</exception>
    /// <exception cref="InvalidDataException">The file has no column <c>label</c> or <c>review</c>, a label other than 0 and 1, or too few reviews.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Reviews Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no {path}.", path);

        string[] texts = CsvFile.ReadColumn(path, "review");
        int[] written = [.. Enumerable.Range(0, texts.Length).Where(i => !string.IsNullOrWhiteSpace(texts[i]))];
        if (written.Length < Least)
            throw new InvalidDataException($"{path}: has {written.Length} reviews with a text; training and testing need at least {Least}.");

        // Nothing can be learned about a character that occurs once. All of these have the id of unknown characters.
        var tokenizer = CharacterTokenizer.FromTexts(texts, new VocabularyOptions { MinimumFrequency = 2, MaximumSize = Vocabulary });
        var all = Dataset.FromCsv(path, new CsvOptions { Texts = [("review", InputOf(tokenizer, allowEmpty: true))], Label = "label", Classes = ["0", "1"] });
        return new Reviews(all.Select(written), tokenizer, [.. written.Select(i => texts[i])], texts.Length - written.Length);
    }

    /// <summary>Converts a text to the tokens that the model reads.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public int[] Encode(string text) => InputOf(Tokenizer, allowEmpty: false).Encode(text);

    // Padding is before a short text, as with pad_sequences of Keras, so that the LSTM reads the text last.
    private static TextInput InputOf(CharacterTokenizer tokenizer, bool allowEmpty) =>
        new(tokenizer, Length) { Padding = SequenceSide.Pre, AllowEmpty = allowEmpty };
}
