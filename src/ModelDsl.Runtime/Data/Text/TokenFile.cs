using System.Globalization;

namespace ModelDsl;

/// <summary>
/// A file of token ids, for texts that are larger than memory. A text is encoded once, when the file is written. Windows are read when a batch needs them, so the memory in use does not
/// depend on the length of the file. Datasets of the file are valid until it is disposed.
/// </summary>
/// <example>
/// <code>
/// TokenFile.Write("train.tokens", tokenizer, TextCorpus.ReadParts("train.txt"));
/// using var tokens = TokenFile.Open("train.tokens");
/// trainer.Fit(model, tokens.NextTokens(Writer.Context));
/// </code>
/// </example>
/// <remarks>Thread-safe.</remarks>
public sealed class TokenFile : IDisposable
{
    private readonly FileTokens tokens;

    private TokenFile(FileTokens tokens) => this.tokens = tokens;

    /// <summary>The path of the file.</summary>
    public string Path => tokens.Path;

    /// <summary>The number of ids.</summary>
    public long Count => tokens.Length;

    /// <summary>The number of ids of the tokenizer that wrote the file: ids are from 0 to <see cref="VocabularySize"/> − 1.</summary>
    public int VocabularySize => tokens.VocabularySize;

    /// <summary>Opens a file that <see cref="Write"/> has written.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="InvalidDataException">The file is not a file of token ids, or is cut short.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TokenFile Open(string path) => new(FileTokens.Open(path, static stream => TokenFileLayout.Read(stream)));

    /// <summary>Opens a file that has nothing but ids of 16 bits, little-endian, such as <c>train.bin</c> of nanoGPT.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="vocabularySize">The number of ids of the tokenizer that the file was written with, such as 50,257 for GPT-2. A greater id in the file is an error when it is read.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="vocabularySize"/> is less than 1 or greater than 65,536.</exception>
    /// <exception cref="InvalidDataException">The file is empty or has an odd number of bytes, or it is a file of <see cref="Write"/>.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TokenFile OpenRaw(string path, int vocabularySize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vocabularySize, TokenFileLayout.ShortVocabulary);
        return new TokenFile(FileTokens.Open(path, stream => TokenFileLayout.ReadRaw(stream, vocabularySize)));
    }

    /// <summary>
    /// Encodes texts, one after the other, and writes their ids: 16 bits each if the tokenizer has at most 65,536 ids, otherwise 32. Only one text is in memory at a time. The ids are
    /// written to a temporary file that is then renamed, so that the path always has a complete file.
    /// </summary>
    /// <param name="path">The path of the file; an existing file is replaced.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="texts">The texts, such as the parts of large files that <see cref="TextCorpus.ReadParts"/> returns.</param>
    /// <param name="separator">An id that follows each text, such as the end of text of GPT-2; null for none.</param>
    /// <returns>The number of ids.</returns>
    /// <exception cref="ArgumentException">The texts have no token.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="separator"/> is not an id of the tokenizer.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer returns an id that is outside its vocabulary.</exception>
    /// <exception cref="IOException">The file cannot be written; an existing file is unchanged.</exception>
    public static long Write(string path, ITokenizer tokenizer, IEnumerable<string> texts, int? separator = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(texts);
        if (separator is { } id && (uint)id >= (uint)tokenizer.VocabularySize)
            throw new ArgumentOutOfRangeException(nameof(separator), id, $"Ids of {tokenizer.GetType().Name} run from 0 to {tokenizer.VocabularySize - 1}.");
        return TokenFileWriter.Write(path, tokenizer, texts, separator);
    }

    /// <summary>Reads consecutive ids.</summary>
    /// <param name="position">The position of the first id, from 0.</param>
    /// <param name="ids">Receives the ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the file.</exception>
    /// <exception cref="InvalidDataException">An id is not less than <see cref="VocabularySize"/>.</exception>
    /// <exception cref="IOException">The file cannot be read, or has become shorter.</exception>
    /// <exception cref="ObjectDisposedException">The file is disposed.</exception>
    public void Read(long position, Span<int> ids)
    {
        CheckRange(position, ids.Length);
        tokens.Read(position, ids);
    }

    /// <summary>
    /// Returns windows for a language model that predicts at every position: <paramref name="context"/> tokens, each labelled with the next token, as
    /// <see cref="Dataset.NextTokens"/> does for ids in memory.
    /// </summary>
    /// <param name="context">The number of tokens per window.</param>
    /// <param name="stride">The number of tokens from the start of one window to the start of the next; 0 for <paramref name="context"/>, so that windows do not overlap.</param>
    /// <param name="start">The position of the first token to use. A multiple of the stride gives the windows from there on.</param>
    /// <param name="length">The number of tokens to use; null for all from <paramref name="start"/> on.</param>
    /// <exception cref="ArgumentException">The tokens are too few for one window and its labels, or have more than 2,147,483,647 windows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the file, or <paramref name="context"/> or <paramref name="stride"/> is out of range.</exception>
    public Dataset NextTokens(int context, int stride = 0, long start = 0, long? length = null) => Windows(start, length).WithNextTokens(context, stride);

    /// <summary>Returns sliding windows: <paramref name="context"/> tokens, whose label is the next token, as <see cref="Dataset.Windows"/> does for ids in memory.</summary>
    /// <param name="context">The number of tokens per window.</param>
    /// <param name="stride">The number of tokens from the start of one window to the start of the next.</param>
    /// <param name="start">The position of the first token to use.</param>
    /// <param name="length">The number of tokens to use; null for all from <paramref name="start"/> on.</param>
    /// <exception cref="ArgumentException">The tokens are too few for one window and its label, or have more than 2,147,483,647 windows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the file, or <paramref name="context"/> or <paramref name="stride"/> is less than 1.</exception>
    public Dataset Windows(int context, int stride = 1, long start = 0, long? length = null) => Windows(start, length).WithNextToken(context, stride);

    /// <summary>Closes the file.</summary>
    public void Dispose() => tokens.Dispose();

    /// <summary>Returns the numbers of tokens and of ids: <c>9,036,044,288 tokens of a vocabulary of 50,257</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count:N0} tokens of a vocabulary of {VocabularySize:N0}");

    private TokenWindows Windows(long start, long? length)
    {
        CheckRange(start, length ?? 0);
        return new TokenWindows(tokens, start, length ?? Count - start, VocabularySize);
    }

    private void CheckRange(long start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (start > Count - length)
            throw new ArgumentOutOfRangeException(nameof(start), start, string.Create(CultureInfo.InvariantCulture, $"'{Path}' has {Count:N0} tokens; {length:N0} from position {start:N0} on are not within it."));
    }
}
