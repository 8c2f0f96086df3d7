namespace ModelDsl;

/// <summary>A column of texts of a table, on its way to token ids.</summary>
/// <param name="index">Its number.</param>
/// <param name="name">Its name.</param>
/// <param name="input">How a text becomes a sample.</param>
internal sealed class CsvTextColumn(int index, string name, TextInput input)
{
    private readonly List<int> tokens = [];

    /// <summary>Its number.</summary>
    public int Index => index;

    /// <summary>Adds the text of a row.</summary>
    /// <param name="text">The text.</param>
    /// <param name="location">The file and line, for messages.</param>
    /// <exception cref="InvalidDataException">The text cannot become a sample.</exception>
    public void Add(string text, string location)
    {
        var sample = new int[input.Length];
        if (input.Encode(text, sample) is { } reason)
            throw new InvalidDataException($"{location}: the text of column '{name}', {TextInput.Shown(text)}, {reason}");
        tokens.AddRange(sample);
    }

    /// <summary>All samples.</summary>
    public DataColumn ToColumn() => DataColumn.Ints(name, tokens.ToArray(), input.Length);
}
