using System.Globalization;
using System.Text;

namespace ModelDsl;

/// <summary>Formats a confusion matrix as a table.</summary>
internal static class ConfusionTable
{
    private const string Corner = "actual \\ predicted";

    public static string Matrix(ConfusionMatrix matrix)
    {
        string[] names = [.. Enumerable.Range(0, matrix.Classes).Select(matrix.NameOf)];
        var first = Math.Max(Corner.Length, Widest(names));
        var widths = new int[names.Length];
        for (var column = 0; column < names.Length; column++)
            widths[column] = Math.Max(names[column].Length, Enumerable.Range(0, names.Length).Max(row => Text(matrix[row, column]).Length));

        var text = new StringBuilder(Corner.PadRight(first));
        for (var column = 0; column < names.Length; column++)
            text.Append("  ").Append(names[column].PadLeft(widths[column]));
        for (var row = 0; row < names.Length; row++)
        {
            text.Append('\n').Append(names[row].PadLeft(first));
            for (var column = 0; column < names.Length; column++)
                text.Append("  ").Append(Text(matrix[row, column]).PadLeft(widths[column]));
        }

        return text.ToString();
    }

    public static string Report(ConfusionMatrix matrix)
    {
        string[] averages = ["macro average", "weighted average", "accuracy"];
        string[] names = [.. Enumerable.Range(0, matrix.Classes).Select(matrix.NameOf)];
        var first = Math.Max(Widest(averages), Widest(names));
        var text = new StringBuilder("class".PadRight(first)).Append("  precision     recall         f1    support");
        for (var i = 0; i < names.Length; i++)
            Row(text, names[i].PadLeft(first), matrix.Precision(i), matrix.Recall(i), matrix.F1(i), matrix.Support(i));
        Row(text, averages[0].PadRight(first), matrix.Precision(Average.Macro), matrix.Recall(Average.Macro), matrix.F1(Average.Macro), matrix.Total);
        Row(text, averages[1].PadRight(first), matrix.Precision(Average.Weighted), matrix.Recall(Average.Weighted), matrix.F1(Average.Weighted), matrix.Total);
        text.Append('\n').Append(averages[2].PadRight(first)).Append(' ', 22).Append(Share(matrix.Result)).Append(Text(matrix.Total).PadLeft(11));
        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, double precision, double recall, double f1, long support) => text
        .Append('\n').Append(name).Append("  ").Append(Share(precision)[2..]).Append(Share(recall)).Append(Share(f1)).Append(Text(support).PadLeft(11));

    private static int Widest(string[] names) => names.Length == 0 ? 0 : names.Max(name => name.Length);

    private static string Share(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture).PadLeft(11);

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
