using ModelDsl.Files;

namespace ModelDsl;

/// <summary>Reads columns of tables in text files, as text. <see cref="Dataset.FromCsv(string, CsvOptions)"/> reads samples.</summary>
public static class CsvFile
{
    /// <summary>Returns the fields of a column, such as texts to create a vocabulary from.</summary>
    /// <param name="path">The file, in UTF-8. Fields may be quoted as in RFC 4180.</param>
    /// <param name="column">The name of the column; without a header, its index, starting at 0.</param>
    /// <param name="options">The delimiter, and whether there is a header; null for commas and a header.</param>
    /// <exception cref="InvalidDataException">There is no such column (the message lists the existing ones), or a row has too many or too few fields.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string[] ReadColumn(string path, string column, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(column);
        using var reader = new StreamReader(InputFile.Open(path));
        return CsvTable.ReadColumn(reader, path, column, options ?? new CsvOptions());
    }
}
