namespace ModelDsl.Bpe;

/// <summary>The tokens of a byte-level BPE, with the merges that make them.</summary>
/// <param name="Ids">The ids of all tokens, special ones included. Bytes are written as <see cref="ByteCharacters"/>.</param>
/// <param name="Merges">The merges, the first applied first.</param>
/// <param name="Special">The ids of the special tokens, which no merge makes.</param>
internal sealed record BpeVocabulary(IReadOnlyDictionary<string, int> Ids, IReadOnlyList<(string Left, string Right)> Merges, IReadOnlyDictionary<string, int> Special)
{
    /// <summary>The number of ids, including ids between others that no token has.</summary>
    public int Size { get; } = Ids.Count == 0 ? 0 : Ids.Values.Max() + 1;

    /// <summary>Whether a token has the form of special tokens: <c>&lt;|endoftext|&gt;</c>, <c>&lt;pad&gt;</c>, <c>[MASK]</c>.</summary>
    public static bool HasSpecialForm(string token) => token.Length > 2 && ((token[0] == '<' && token[^1] == '>') || (token[0] == '[' && token[^1] == ']'));
}
