using System.Text;

namespace ModelDsl;

/// <summary>
/// Reads the rows of delimited text (RFC 4180). Fields may be quoted; a quoted field may contain delimiters, line ends and doubled quotes. Blank
/// lines are skipped.
/// </summary>
/// <remarks>A separate implementation, because the usual library uses reflection, which causes trimming warnings.</remarks>
internal sealed class CsvRows(TextReader reader, string name, char delimiter)
{
    // Limits the length of a field: a missing closing quote would otherwise make the rest of the file one field.
    private const int LongestField = 1 << 16;

    private readonly List<string> fields = [];
    private readonly StringBuilder field = new();
    private int line = 1;

    /// <summary>The fields of the row.</summary>
    public IReadOnlyList<string> Fields => fields;

    /// <summary>The line number of the start of the row, starting at 1.</summary>
    public int Line { get; private set; }

    /// <summary>Advances to the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">A quote is in an invalid position, or has no closing quote.</exception>
    public bool Read()
    {
        SkipBlankLines();
        fields.Clear();
        Line = line;
        if (reader.Peek() < 0)
            return false;
        while (ReadField())
        {
        }

        return true;
    }

    /// <summary>Reads a field and the character after it.</summary>
    /// <returns>Whether the row continues after it.</returns>
    private bool ReadField()
    {
        field.Clear();
        if (reader.Peek() == '"')
            ReadQuoted();
        while (true)
        {
            var next = reader.Read();
            if (next == delimiter || next is '\n' or '\r' or < 0)
            {
                fields.Add(field.ToString());
                if (next is '\n' or '\r')
                    EndLine(next);
                return next == delimiter;
            }

            if (next == '"')
                throw new InvalidDataException($"{name}({line}): a quote stands within a field; quote the whole field and double the quotes in it.");
            Append((char)next);
        }
    }

    private void ReadQuoted()
    {
        reader.Read();
        while (true)
        {
            var next = reader.Read();
            if (next < 0)
                throw new InvalidDataException($"{name}({Line}): a quote in this row is never closed.");
            if (next == '"')
            {
                if (reader.Peek() != '"')
                    break;
                reader.Read();
            }
            else if (next is '\n' or '\r')
            {
                EndLine(next);
                next = '\n';
            }

            Append((char)next);
        }

        if (reader.Peek() is var after and >= 0 && after != delimiter && after is not ('\n' or '\r'))
            throw new InvalidDataException($"{name}({line}): a quote stands within a field; after a closing quote the field must end.");
    }

    private void Append(char character)
    {
        if (field.Length == LongestField)
            throw new InvalidDataException($"{name}({Line}): a field is longer than {LongestField} characters; is a quote never closed?");
        field.Append(character);
    }

    private void SkipBlankLines()
    {
        while (reader.Peek() is '\n' or '\r')
            EndLine(reader.Read());
    }

    /// <summary>Counts a line end of one or two characters, of which the first was read.</summary>
    private void EndLine(int first)
    {
        if (first == '\r' && reader.Peek() == '\n')
            reader.Read();
        line++;
    }
}
