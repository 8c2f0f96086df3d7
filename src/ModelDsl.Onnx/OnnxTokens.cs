namespace ModelDsl;

/// <summary>
/// An input of an ONNX file that consists of tokens as strings, such as words, which the file converts to token ids. Other software splits texts into tokens, as the tokenizer does, and gives each sample as many
/// strings as the input has positions.
/// </summary>
public sealed record OnnxTokens
{
    /// <summary>The tokenizer, which has the id of each token: a <see cref="WordTokenizer"/> or a <see cref="CharacterTokenizer"/>. A string that is no token has the id of unknown tokens.</summary>
    public required ITokenizer Tokenizer { get; init; }

    /// <summary>The name of the input. Null for the only input of token ids.</summary>
    public string? Input { get; init; }

    /// <summary>The string that has the id of padding, for the positions after the end of a text.</summary>
    public string PaddingToken { get; init; } = "";
}
