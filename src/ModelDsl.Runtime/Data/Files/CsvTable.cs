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
        if (options.Label is null && options.Targets.Count == 0 && options.Inputs is null && options.Texts.Count == 0)
            throw new ArgumentException("Name the label column, the target columns, the input columns or the text columns.", nameof(options));
        return new CsvTable(new CsvRows(reader, name, options.Delimiter), name, options).Read();
    }

    private ColumnarDataset Read()
    {
        int[] targetColumns = [.. options.Targets.Select(Find)];
        var labelColumn = options.Label is null ? -1 : Find(options.Label);
        CsvTextColumn[] texts = [.. options.Texts.Select(text => new CsvTextColumn(Find(text.Column), text.Column, text.Input))];
        var inputColumns = InputColumns([labelColumn, .. targetColumns, .. texts.Select(static text => text.Index)]);
        var (inputs, targets, labels) = (new List<float>(), new List<float>(), new List<int>());

        for (var more = FirstRow(); more; more = NextRow())
        {
            foreach (var text in texts)
                text.Add(rows.Fields[text.Index], $"{name}({rows.Line})");
            foreach (var column in inputColumns)
                inputs.Add(Number(column));
            foreach (var column in targetColumns)
                targets.Add(Number(column));
            if (labelColumn >= 0)
                labels.Add(Class(labelColumn));
        }

        List<DataColumn> columns = [.. texts.Select(static text => text.ToColumn())];
        if (inputColumns.Length > 0)
            columns.Add(DataColumn.Floats("input", inputs.ToArray(), inputColumns.Length));
        if (labelColumn >= 0)
            columns.Add(DataColumn.Ints("label", labels.ToArray()));
        if (targetColumns.Length > 0)
            columns.Add(DataColumn.Floats("target", targets.ToArray(), targetColumns.Length == 1 ? [] : [targetColumns.Length]));
        return new ColumnarDataset([.. columns]);
    }

    /// <summary>Returns the fields of one column as text.</summary>
    public static string[] ReadColumn(TextReader reader, string name, string column, CsvOptions options)
    {
        var table = new CsvTable(new CsvRows(reader, name, options.Delimiter), name, options);
        var (index, fields) = (table.Find(column), new List<string>());
        for (var more = table.FirstRow(); more; more = table.NextRow())
            fields.Add(table.rows.Fields[index]);
        return [.. fields];
    }

    /// <summary>Advances to the first row of data.</summary>
    private bool FirstRow() => options.HasHeader ? NextRow() : Fits() || NextRow();

    /// <summary>Advances to the next row that is not blank.</summary>
    /// <exception cref="InvalidDataException">The row has more or fewer fields than the first row.</exception>
    private bool NextRow()
    {
        while (rows.Read())
        {
            if (Fits())
                return true;
        }

        return false;
    }

    /// <summary>Whether the row has fields; false for a blank row.</summary>
    private bool Fits()
    {
        if (rows.Fields.Count == 1 && header.Length > 1 && string.IsNullOrWhiteSpace(rows.Fields[0]))
            return false;
        return rows.Fields.Count == header.Length
            ? true
            : throw new InvalidDataException($"{name}({rows.Line}): has {rows.Fields.Count} fields; the first row has {header.Length}.");
    }

    /// <param name="others">The columns that are not inputs.</param>
    private int[] InputColumns(int[] others)
    {
        if (options.Inputs is not null)
        {
            int[] chosen = [.. options.Inputs.Select(Find)];
            return chosen.Length > 0 ? chosen : throw new ArgumentException("The list of input columns is empty.");
        }

        int[] ignored = [.. options.Ignored.Select(Find)];
        int[] rest = [.. Enumerable.Range(0, header.Length).Where(i => !others.Contains(i) && !ignored.Contains(i))];
        return rest.Length > 0 || options.Texts.Count > 0 ? rest : throw new InvalidDataException($"{name}: no columns are left as inputs.");
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
