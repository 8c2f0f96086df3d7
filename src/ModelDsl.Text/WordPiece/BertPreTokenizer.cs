using System.Text;
using Microsoft.ML.Tokenizers;

namespace ModelDsl.WordPiece;

/// <summary>Splits a normalized text at white space, and makes a word of each punctuation character. To BERT, all ASCII characters that are neither letters nor digits are punctuation.</summary>
internal sealed class BertPreTokenizer : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var (words, start, at) = (new List<(int, int)>(), 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var isPunctuation = rune.IsAscii ? char.IsBetween((char)rune.Value, '!', '~') && !Rune.IsLetterOrDigit(rune) : Rune.IsPunctuation(rune);
            if (isPunctuation || Rune.IsWhiteSpace(rune))
            {
                if (at > start)
                    words.Add((start, at - start));
                if (isPunctuation)
                    words.Add((at, rune.Utf16SequenceLength));
                start = at + rune.Utf16SequenceLength;
            }

            at += rune.Utf16SequenceLength;
        }

        if (at > start)
            words.Add((start, at - start));
        return words;
    }
}
