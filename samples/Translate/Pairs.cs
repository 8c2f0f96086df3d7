using ModelDsl;

namespace Translate;

/// <summary>A text and its translation.</summary>
internal sealed record Pair(string Source, string Target);

/// <summary>Pairs of texts, and the characters that have a token id.</summary>
/// <param name="Train">The pairs that the model learns from.</param>
/// <param name="Test">Other pairs.</param>
/// <param name="Source">The characters of the sources.</param>
/// <param name="Target">The characters of the translations, and the end of a line, which begins and ends each of them.</param>
internal sealed record Pairs(Pair[] Train, Pair[] Test, CharacterTokenizer Source, CharacterTokenizer Target)
{
    /// <summary>The maximum number of characters of a source.</summary>
    public const int SourceLength = 32;

    /// <summary>The maximum number of characters of a translation, and the character before it.</summary>
    public const int TargetLength = 24;

    /// <summary>The maximum number of different characters.</summary>
    public const int Vocabulary = 96;

    /// <summary>The character that begins and ends a translation.</summary>
    private const char End = '\n';

    /// <summary>The minimum number of pairs: one of ten is for the test.</summary>
    private const int Least = 100;

    /// <summary>The token that begins and ends a translation.</summary>
    public int EndToken => Target.Encode([End])[0];

    /// <summary>Divides pairs.</summary>
    /// <param name="pairs">The pairs, in random order. The last tenth of them is for the test.</param>
    public static Pairs Of(Pair[] pairs)
    {
        var train = pairs[..^(pairs.Length / 10)];
        return new Pairs(train, pairs[train.Length..], Characters(train.Select(pair => pair.Source)), Characters(train.Select(pair => End + pair.Target)));
    }

    /// <summary>Reads pairs from a file: in each line a text, a tabulator and its translation.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seed">Decides which pairs are for the test.</param>
    /// <exception cref="InvalidDataException">A line is not a pair, a text is too long, or there are too few pairs.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Pairs Read(string path, int seed)
    {
        var pairs = File.ReadLines(path).Select((line, index) => (line, index)).Where(line => line.line.Trim().Length > 0).Select(line => Parse(line.line, $"{path}({line.index + 1})")).ToArray();
        if (pairs.Length < Least)
            throw new InvalidDataException($"{path}: has {pairs.Length} pairs; training and testing need at least {Least}.");
        new Random(seed).Shuffle(pairs);
        return Of(pairs);
    }

    /// <summary>The samples of training: the source, the translation, and as labels its characters one position earlier.</summary>
    /// <param name="pairs">The pairs.</param>
    public Dataset Samples(Pair[] pairs)
    {
        var sources = pairs.SelectMany(pair => Encode(pair.Source)).ToArray();
        var (targets, labels) = (new int[pairs.Length * TargetLength], new int[pairs.Length * TargetLength]);
        for (var i = 0; i < pairs.Length; i++)
        {
            var tokens = Target.Encode(End + pairs[i].Target + End);
            tokens.AsSpan(..^1).CopyTo(targets.AsSpan(i * TargetLength));
            tokens.AsSpan(1..).CopyTo(labels.AsSpan(i * TargetLength));
        }

        return Dataset.FromColumns(
            DataColumn.Ints("source", sources, SourceLength), DataColumn.Ints("target", targets, TargetLength), DataColumn.Ints("label", labels, TargetLength));
    }

    /// <summary>Converts a source to the tokens that the model reads.</summary>
    /// <exception cref="ArgumentException">The text is empty or too long.</exception>
    public int[] Encode(string source)
    {
        if (source.Length is 0 or > SourceLength)
            throw new ArgumentException($"'{source}' has {source.Length} characters; a source has 1 to {SourceLength}.", nameof(source));
        return new TextInput(Source, SourceLength).Encode(source);
    }

    private static CharacterTokenizer Characters(IEnumerable<string> texts) => CharacterTokenizer.FromTexts(texts, new VocabularyOptions { MaximumSize = Vocabulary });

    private static Pair Parse(string line, string at)
    {
        if (line.Split('\t') is not [{ Length: > 0 } source, { Length: > 0 } target])
            throw new InvalidDataException($"{at}: is not a text, a tabulator and its translation.");
        if (source.Length > SourceLength)
            throw new InvalidDataException($"{at}: the text has {source.Length} characters; the model reads {SourceLength}. Raise SourceLength in Pairs.cs, or leave the line out.");
        return target.Length < TargetLength ? new Pair(source, target) : throw new InvalidDataException(
            $"{at}: the translation has {target.Length} characters; the model writes {TargetLength - 1}. Raise TargetLength in Pairs.cs, or leave the line out.");
    }
}
