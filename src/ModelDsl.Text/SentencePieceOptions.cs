namespace ModelDsl;

/// <summary>Options of <see cref="SentencePieceTokenizer.Load"/>.</summary>
public sealed class SentencePieceOptions
{
    /// <summary>Whether the id that begins a text precedes the tokens of each text, as Llama expects it; false by default.</summary>
    public bool AddBeginning { get; init; }

    /// <summary>Whether the id that ends a text follows the tokens of each text, as T5 expects it; false by default.</summary>
    public bool AddEnd { get; init; }
}
