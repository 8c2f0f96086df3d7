using System.Text;
using ModelDsl.Files;

namespace ModelDsl.SentencePiece;

/// <summary>
/// A SentencePiece model as far as special ids and decoding need it (sentencepiece_model.proto). The type of Microsoft.ML.Tokenizers that reads models is not public, does not tell which ids
/// are absent, and fails for unigram models without an id that begins a text, such as those of T5.
/// </summary>
internal sealed class SentencePieceModel
{
    private const int BeginningField = 41, TrainerField = 2;

    private readonly byte[] bytes;
    private readonly List<Piece> pieces = [];

    private SentencePieceModel(byte[] bytes)
    {
        this.bytes = bytes;
        var reader = new WireReader(bytes);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1: pieces.Add(ReadPiece(reader.Content)); break;
                case TrainerField: ReadTrainer(reader.Content); break;
                case 3: ReadNormalizer(reader.Content); break;
            }
        }

        if (pieces.Count == 0)
            throw new FormatException("It has no tokens.");
    }

    /// <summary>The tokens in the order of their ids.</summary>
    public IReadOnlyList<Piece> Pieces => pieces;

    /// <summary>The id of the unknown token.</summary>
    public int Unknown { get; private set; }

    /// <summary>The id that begins a text, or −1.</summary>
    public int Beginning { get; private set; } = 1;

    /// <summary>The id that ends a text, or −1.</summary>
    public int End { get; private set; } = 2;

    /// <summary>The id of padding, or −1.</summary>
    public int Padding { get; private set; } = -1;

    /// <summary>What unknown tokens decode to.</summary>
    public string UnknownText { get; private set; } = " \u2047 ";

    /// <summary>Whether encoding adds a space before a text, which decoding removes.</summary>
    public bool AddsSpace { get; private set; } = true;

    /// <summary>Whether encoding makes one space of several, and decoding removes all spaces at the beginning.</summary>
    public bool RemovesSpaces { get; private set; } = true;

    /// <summary>Reads a file.</summary>
    /// <exception cref="EndOfStreamException">The file is cut short.</exception>
    /// <exception cref="FormatException">The file is no model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SentencePieceModel Read(string path)
    {
        using var stream = InputFile.Open(path);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new SentencePieceModel(bytes);
    }

    /// <summary>Opens the model for Microsoft.ML.Tokenizers. If no id begins a text, it names another special id: a later field of a protocol buffer overrides an earlier one.</summary>
    public MemoryStream Open()
    {
        if (Beginning >= 0)
            return new MemoryStream(bytes);
        byte[] value = WriteVarint(Padding >= 0 ? Padding : End >= 0 ? End : Unknown), tag = WriteVarint((BeginningField << 3) | WireReader.Varint);
        return new MemoryStream([.. bytes, (TrainerField << 3) | WireReader.Bytes, (byte)(tag.Length + value.Length), .. tag, .. value]);
    }

    private static Piece ReadPiece(ReadOnlySpan<byte> message)
    {
        var (text, type) = ("", PieceType.Normal);
        var reader = new WireReader(message);
        while (reader.Read())
        {
            if (reader.Field == 1)
                text = Encoding.UTF8.GetString(reader.Content);
            else if (reader.Field == 3)
                type = (PieceType)reader.Number;
        }

        return new Piece(text, type);
    }

    private void ReadTrainer(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 40: Unknown = (int)reader.Number; break;
                case BeginningField: Beginning = (int)reader.Number; break;
                case 42: End = (int)reader.Number; break;
                case 43: Padding = (int)reader.Number; break;
                case 44: UnknownText = Encoding.UTF8.GetString(reader.Content); break;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 3: AddsSpace = reader.Number != 0; break;
                case 4: RemovesSpaces = reader.Number != 0; break;
            }
        }
    }

    private static byte[] WriteVarint(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}

/// <summary>A token.</summary>
/// <param name="Text">Its text, with U+2581 for spaces.</param>
/// <param name="Type">Its kind.</param>
internal readonly record struct Piece(string Text, PieceType Type);

/// <summary>The kinds of tokens.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
