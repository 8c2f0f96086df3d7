using ModelDsl.SentencePiece;
using Ml = Microsoft.ML.Tokenizers;

namespace ModelDsl;

/// <summary>
/// A tokenizer that SentencePiece has trained (Kudo and Richardson 2018), as Llama 2, T5 and XLM-R have it: byte-pair encoding or a unigram model. It is loaded from a file <c>.model</c>. White
/// space is a part of tokens, but the normalization of the model may change it, such as several spaces into one.
/// </summary>
/// <example>
/// <code>
/// var tokenizer = SentencePieceTokenizer.Load("tokenizer.model");
/// </code>
/// </example>
/// <remarks>Thread-safe.</remarks>
public sealed class SentencePieceTokenizer : ITokenizer
{
    private readonly Ml.SentencePieceTokenizer encoder;
    private readonly PieceDecoder decoder;
    private readonly int size;

    private SentencePieceTokenizer(SentencePieceModel model, Ml.SentencePieceTokenizer encoder)
    {
        (this.encoder, decoder, size) = (encoder, new PieceDecoder(model), model.Pieces.Count);
        UnknownId = model.Unknown;
        BeginningOfTextId = model.Beginning >= 0 ? model.Beginning : null;
        EndOfTextId = model.End >= 0 ? model.End : null;
        PaddingId = model.Padding >= 0 ? model.Padding : EndOfTextId ?? size;
        VocabularySize = Math.Max(size, PaddingId + 1);
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <summary>The id that pads samples: that of <c>&lt;pad&gt;</c>, or the end of text if the model has no padding.</summary>
    /// <inheritdoc/>
    public int PaddingId { get; }

    /// <inheritdoc/>
    public int? UnknownId { get; }

    /// <summary>The id that begins a text; null if the model has none.</summary>
    public int? BeginningOfTextId { get; }

    /// <summary>The id that ends a text; null if the model has none.</summary>
    public int? EndOfTextId { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">The path of the file, such as <c>tokenizer.model</c> or <c>spiece.model</c>.</param>
    /// <param name="options">Which ids surround a text; null for none.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="ArgumentException">The options ask for an id that the model does not have.</exception>
    /// <exception cref="InvalidDataException">The file is not a model of SentencePiece, or is cut short.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SentencePieceTokenizer Load(string path, SentencePieceOptions? options = null)
    {
        options ??= new SentencePieceOptions();
        try
        {
            var model = SentencePieceModel.Read(path);
            if (options.AddBeginning && model.Beginning < 0)
                throw new ArgumentException($"'{path}' has no id that begins a text: leave AddBeginning out.", nameof(options));
            if (options.AddEnd && model.End < 0)
                throw new ArgumentException($"'{path}' has no id that ends a text: leave AddEnd out.", nameof(options));
            using var stream = model.Open();
            return new SentencePieceTokenizer(model, Ml.SentencePieceTokenizer.Create(stream, options.AddBeginning, options.AddEnd, specialTokens: null));
        }
        catch (Exception exception) when (exception is EndOfStreamException or not (IOException or ArgumentException { ParamName: nameof(options) }))
        {
            throw new InvalidDataException(
                $"'{path}' cannot be read as a model of SentencePiece: {exception.Message} Expected the file that spm_train writes with the ending .model, of the type BPE or unigram. The file is cut short or of another kind: copy it again.", exception);
        }
    }

    /// <summary>Returns the ids of a text. Consecutive unknown characters are one unknown token.</summary>
    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var ids = new List<int>();
        foreach (var id in encoder.EncodeToIds(WellFormed.Of(text)))
        {
            if (id != UnknownId || ids.Count == 0 || ids[^1] != id)
                ids.Add(id);
        }

        return [.. ids];
    }

    /// <summary>Returns the text of ids. Padding and ids that begin or end a text are omitted; the unknown token becomes what the model says, U+2047 between spaces by default.</summary>
    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var kept = new List<int>(ids.Length);
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"Ids run from 0 to {VocabularySize - 1}.");
            if (id != PaddingId && id < size)
                kept.Add(id);
        }

        return decoder.Decode(kept);
    }
}
