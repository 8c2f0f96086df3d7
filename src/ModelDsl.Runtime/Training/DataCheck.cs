using System.Globalization;
using ModelDsl.Compiled;

namespace ModelDsl.Training;

/// <summary>Checks that data fits a model, before the first step.</summary>
internal static class DataCheck
{
    public static void Check(ModelDescription model, DataSource data, string what, string parameter)
    {
        ColumnDescription[] expected = [.. model.Inputs, .. model.Targets];
        if (!ColumnCheck.Fit(expected, data.Columns))
        {
            throw new ArgumentException(
                $"{model.Name} takes {ColumnCheck.Describe(expected)}; the {what} gives {ColumnCheck.Describe(data.Columns)}.{Hint(model, data.Columns)}{ColumnCheck.LengthHint(expected, data.Columns, data.KnownCount)}",
                parameter);
        }

        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i].Bound > 0 && data.Columns[i].Bound > expected[i].Bound)
                throw new ArgumentException(OtherVocabulary(model, expected[i], data.Columns[i], what), parameter);
        }

        if (data.KnownCount == 0)
            throw new ArgumentException($"The {what} has no samples.", parameter);
    }

    private static string OtherVocabulary(ModelDescription model, ColumnDescription expected, ColumnDescription actual, string what) => string.Create(
        CultureInfo.InvariantCulture,
        $"'{expected.Name}' of {model.Name} has {expected.Bound:N0} ids, but the {what} was made with a tokenizer that has {actual.Bound:N0}. Make the data with the tokenizer of the model, or give the model {actual.Bound:N0} ids: the VocabularySize of the tokenizer.");

    private static string Hint(ModelDescription model, IReadOnlyList<ColumnDescription> columns)
    {
        var inputs = model.Inputs.Length;
        if (ColumnCheck.WeightHint([.. model.Inputs, .. model.Targets], columns) is { Length: > 0 } hint)
            return hint;
        if (model.Targets.Length == 0 && columns.Count > inputs)
            return " The model's target is its input: give data without labels or targets.";
        if (columns.Count <= inputs || model.Targets.Length == 0)
            return "";
        return (model.Targets[0].Type, columns[inputs].Type) switch
        {
            (ColumnType.Float, ColumnType.Int) => " The model's loss wants float targets: give them as float[] instead of int[].",
            (ColumnType.Int, ColumnType.Float) => " The model's loss wants class labels: give them as int[] instead of float[].",
            _ => "",
        };
    }
}
