namespace ModelDsl;

/// <summary>Which columns of a table are inputs, labels and targets, and how the file is written.</summary>
public sealed record CsvOptions
{
    /// <summary>The column with the class of each sample, or null when there is none.</summary>
    public string? Label { get; init; }

    /// <summary>The columns with float targets, in the order of the model's outputs.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>
    /// The columns with texts, each with how a text becomes tokens: the first inputs of each sample, one column of token ids for each.
    /// </summary>
    public IReadOnlyList<(string Column, TextInput Input)> Texts { get; init; } = [];

    /// <summary>The columns with inputs, in their order; null for all that are neither text nor label nor target nor ignored.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>Columns that are left out when <see cref="Inputs"/> is null.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>
    /// The names of the classes, such as <c>["setosa", "versicolor", "virginica"]</c>: a label becomes its name's index. When null, labels
    /// are whole numbers from 0 on.
    /// </summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>What stands between two fields.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether the first row holds the names of the columns. Without it they are called "0", "1" and so on.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>What an empty field means; null to reject it.</summary>
    public float? Missing { get; init; }
}
