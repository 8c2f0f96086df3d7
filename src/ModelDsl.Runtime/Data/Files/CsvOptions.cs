namespace ModelDsl;

/// <summary>The roles of the columns of a table as inputs, labels and targets, and the format of the file.</summary>
public sealed record CsvOptions
{
    /// <summary>The column with the class of each sample, or null if there is none.</summary>
    public string? Label { get; init; }

    /// <summary>The columns with float targets, in the order of the model's outputs.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>
    /// The columns with texts, each with its conversion to tokens. They are the first inputs of each sample, one column of token ids for each.
    /// </summary>
    public IReadOnlyList<(string Column, TextInput Input)> Texts { get; init; } = [];

    /// <summary>The columns with inputs, in their order; null for all columns that are not text, label, target or ignored.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>The columns to ignore if <see cref="Inputs"/> is null.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>
    /// The names of the classes, such as <c>["setosa", "versicolor", "virginica"]</c>: a label is converted to the index of its name. If null, labels
    /// are integers starting at 0.
    /// </summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The character between two fields.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether the first row contains the names of the columns. Without a header, the names are "0", "1" and so on.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>The value of an empty field; null to reject empty fields.</summary>
    public float? Missing { get; init; }
}
