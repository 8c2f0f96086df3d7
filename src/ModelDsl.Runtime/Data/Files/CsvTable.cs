using System.Globalization;

namespace ModelDsl;

/// <summary>Reads a table into columns of numbers.</summary>
internal sealed class CsvTable
{
    private readonly CsvRows rows;
    private readonly string name;
    private readonly CsvOptions options;
    private readonly string[] header;

    private CsvTable(CsvRows rows, string name, CsvOptions options)
    {
        (this.rows, this.name, this.options) = (rows, name, options);
        if (!rows.Read())
            throw new InvalidDataException($"{name}: is empty.");
        header = options.HasHeader
            ? [.. rows.Fields.Select(field => field.Trim())]
            : [.. Enumerable.Range(0, rows.Fields.Count).Select(index => index.ToString(CultureInfo.InvariantCulture))];
    }

    public static Dataset Read(TextReader reader, string name, CsvOptions options)
    {
        if (options.Label is null && options.Targets.Count == 0 && options.Inputs is null)
            throw new ArgumentException("Name the label column, the target columns or the input columns.", nameof(options));
        return new CsvTable(new CsvRows(reader, name, options.Delimiter), name, options).Read();
    }

    private ColumnarDataset Read()
    {
        int[] targetColumns = [.. options.Targets.Select(Find)];
        var labelColumn = options.Label is null ? -1 : Find(options.Label);
        var inputColumns = InputColumns(targetColumns, labelColumn);
        var (inputs, targets, labels) = (new List<float>(), new List<float>(), new List<int>());

        var more = !options.HasHeader || rows.Read();
        for (; more; more = rows.Read())
        {
            if (rows.Fields.Count == 1 && header.Length > 1 && string.IsNullOrWhiteSpace(rows.Fields[0]))
                continue;
            if (rows.Fields.Count != header.Length)
                throw new InvalidDataException($"{name}({rows.Line}): has {rows.Fields.Count} fields; the first row has {header.Length}.");
            foreach (var column in inputColumns)
                inputs.Add(Number(column));
            foreach (var column in targetColumns)
                targets.Add(Number(column));
            if (labelColumn >= 0)
                labels.Add(Class(labelColumn));
        }

        List<DataColumn> columns = [DataColumn.Floats("input", inputs.ToArray(), inputColumns.Length)];
        if (labelColumn >= 0)
            columns.Add(DataColumn.Ints("label", labels.ToArray()));
        if (targetColumns.Length > 0)
            columns.Add(DataColumn.Floats("target", targets.ToArray(), targetColumns.Length == 1 ? [] : [targetColumns.Length]));
        return new ColumnarDataset([.. columns]);
    }

    private int[] InputColumns(int[] targets, int label)
    {
        if (options.Inputs is not null)
        {
            int[] chosen = [.. options.Inputs.Select(Find)];
            return chosen.Length > 0 ? chosen : throw new ArgumentException("The list of input columns is empty.");
        }

        int[] ignored = [.. options.Ignored.Select(Find)];
        int[] rest = [.. Enumerable.Range(0, header.Length).Where(i => i != label && !targets.Contains(i) && !ignored.Contains(i))];
        return rest.Length > 0 ? rest : throw new InvalidDataException($"{name}: no columns are left as inputs.");
    }

    private int Find(string column)
    {
        var index = Array.IndexOf(header, column);
        if (index < 0)
            throw new InvalidDataException($"{name}: has no column '{column}'; it has {string.Join(", ", header.Take(20).Select(found => $"'{found}'"))}.");
        if (Array.IndexOf(header, column, index + 1) >= 0)
            throw new InvalidDataException($"{name}: has two columns '{column}'.");
        return index;
    }

    private float Number(int column)
    {
        var text = rows.Fields[column];
        if (options.Missing is { } missing && string.IsNullOrWhiteSpace(text))
            return missing;
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
            ? number
            : throw Bad(column, text, "a finite number");
    }

    private int Class(int column)
    {
        var text = rows.Fields[column].Trim();
        if (options.Classes is { } classes)
        {
            for (var i = 0; i < classes.Count; i++)
            {
                if (text == classes[i])
                    return i;
            }

            throw Bad(column, text, "one of the classes " + string.Join(", ", classes.Take(20).Select(known => $"'{known}'")));
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Bad(column, text, "a whole number from 0 on (name the classes with CsvOptions.Classes if they are words)");
    }

    private InvalidDataException Bad(int column, string text, string wanted)
    {
        var shown = text.Length <= 40 ? text : text[..40] + "…";
        return new InvalidDataException($"{name}({rows.Line}): column '{header[column]}' holds '{shown}', which is not {wanted}.");
    }
}
