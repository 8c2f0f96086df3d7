using System.Text;

namespace ModelDsl;

/// <summary>
/// Decodes tokens one by one, as a model generates them. A token may end within a character: its bytes are kept until the tokens that follow complete the character, so that every text that is
/// returned has whole characters only. The texts together are what <see cref="BpeTokenizer.Decode"/> returns for all tokens. Created by <see cref="BpeTokenizer.CreateDecoder"/>.
/// </summary>
/// <example>
/// <code>
/// var decoder = tokenizer.CreateDecoder();
/// foreach (int token in session.Generate(prompt, options))
///     Console.Write(decoder.Append(token));
/// Console.WriteLine(decoder.Flush());
/// </code>
/// </example>
/// <remarks>For one text at a time, and for one thread at a time.</remarks>
public sealed class BpeDecoder
{
    private readonly BpeTokenizer tokenizer;
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    internal BpeDecoder(BpeTokenizer tokenizer) => this.tokenizer = tokenizer;

    /// <summary>Adds a token and returns the characters that it completes; empty if there are none. Padding is omitted, as by <see cref="BpeTokenizer.Decode"/>.</summary>
    /// <param name="id">The id of the token.</param>
    /// <exception cref="ArgumentOutOfRangeException">The id is negative or not less than <see cref="BpeTokenizer.VocabularySize"/>.</exception>
    public string Append(int id) => Characters(tokenizer.BytesOf(id), isEnd: false);

    /// <summary>Ends the text, and returns U+FFFD if its last character is incomplete, otherwise an empty text. Another text can follow.</summary>
    public string Flush() => Characters([], isEnd: true);

    private string Characters(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        var count = decoder.GetCharCount(bytes, isEnd);
        if (count == 0 && bytes.Length == 0)
            return "";
        var characters = new char[count];
        decoder.GetChars(bytes, characters, isEnd);
        return new string(characters);
    }
}
