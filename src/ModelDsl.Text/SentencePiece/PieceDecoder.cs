using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ModelDsl.SentencePiece;

/// <summary>Decodes ids as SentencePiece does: bytes are joined to characters, unknown tokens are visible, and the space that encoding adds before a text is removed.</summary>
/// <param name="model">The model.</param>
internal sealed class PieceDecoder(SentencePieceModel model)
{
    private const char Space = '\u2581';

    /// <summary>Returns the text of ids, which the model has.</summary>
    public string Decode(IEnumerable<int> ids)
    {
        var (text, bytes, spaceRemoved) = (new StringBuilder(), new List<byte>(), false);
        foreach (var id in ids)
        {
            var (piece, type) = model.Pieces[id];
            if (type == PieceType.Byte)
            {
                bytes.Add(byte.Parse(piece.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                continue;
            }

            Flush(text, bytes);
            if (type == PieceType.Control)
                continue;
            if (type == PieceType.Unknown)
            {
                text.Append(model.UnknownText);
                continue;
            }

            if (text.Length == 0 && !spaceRemoved && (model.AddsSpace || model.RemovesSpaces) && piece.StartsWith(Space))
            {
                piece = piece[1..];
                spaceRemoved = !model.RemovesSpaces;
            }

            text.Append(piece.Replace(Space, ' '));
        }

        Flush(text, bytes);
        return text.ToString();
    }

    private static void Flush(StringBuilder text, List<byte> bytes)
    {
        text.Append(Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes)));
        bytes.Clear();
    }
}
