using ModelDsl.Files;

namespace ModelDsl;

/// <summary>Reads parts of tables in text files as they are. <see cref="Dataset.FromCsv(string, CsvOptions)"/> makes samples of them.</summary>
public static class CsvFile
{
    /// <summary>The fields of a column, such as texts that a vocabulary is made of.</summary>
    /// <param name="path">The file, in UTF-8. Fields may be quoted as in RFC 4180.</param>
    /// <param name="column">The name of the column; without a header its number from 0 on.</param>
    /// <param name="options">What stands between fields, and whether there is a header; null for commas and a header.</param>
    /// <exception cref="InvalidDataException">There is no such column, and the message names those that there are; or a row has too many or too few fields.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string[] ReadColumn(string path, string column, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(column);
        using var reader = new StreamReader(InputFile.Open(path));
        return CsvTable.ReadColumn(reader, path, column, options ?? new CsvOptions());
    }
}
