namespace ModelDsl;

/// <summary>Converts a text column of a table to token ids.</summary>
/// <param name="index">The index of the column.</param>
/// <param name="name">The name of the column.</param>
/// <param name="input">How a text is converted to a sample.</param>
internal sealed class CsvTextColumn(int index, string name, TextInput input)
{
    private readonly List<int> tokens = [];

    /// <summary>The index of the column.</summary>
    public int Index => index;

    /// <summary>Adds the text of a row.</summary>
    /// <param name="text">The text.</param>
    /// <param name="location">The file and line, for error messages.</param>
    /// <exception cref="InvalidDataException">The text cannot be converted to a sample.</exception>
    public void Add(string text, string location)
    {
        var sample = new int[input.Length];
        if (input.Encode(text, sample) is { } reason)
            throw new InvalidDataException($"{location}: the text of column '{name}', {TextInput.Shown(text)}, {reason}");
        tokens.AddRange(sample);
    }

    /// <summary>Returns all samples as a column.</summary>
    public DataColumn ToColumn() => input.Column(name, tokens.ToArray());
}
