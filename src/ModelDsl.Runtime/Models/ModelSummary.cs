using System.Globalization;
using System.Text;
using ModelDsl.Compiled;

namespace ModelDsl.Models;

/// <summary>The table that <see cref="Model.Summary"/> returns.</summary>
internal static class ModelSummary
{
    private static readonly string[] Titles = ["Layer", "Kind", "Output", "Parameters", "FLOPs/sample", "Bytes/sample"];

    /// <summary>Formats the layers of a model.</summary>
    /// <param name="model">The model.</param>
    public static string Format(ModelDescription model)
    {
        var layers = model.Layers;
        var total = Row("Total", "", "", layers.Sum(static l => l.Parameters), layers.Sum(static l => l.Flops), layers.Sum(static l => l.Bytes));
        List<string[]> rows = [Titles, .. layers.Select(static l => Row(l.Name, l.Kind, l.Output, l.Parameters, l.Flops, l.Bytes)), total];
        var widths = Enumerable.Range(0, Titles.Length).Select(i => rows.Max(row => row[i].Length)).ToArray();

        var frozen = model.Parameters.Where(static p => !p.Trainable).Sum(static p => (long)p.Length);
        var text = new StringBuilder(model.Name).Append('\n');
        for (var i = 0; i < rows.Count; i++)
        {
            if (i == 1 || i == rows.Count - 1)
                text.Append('─', widths.Sum() + (2 * (widths.Length - 1))).Append('\n');
            Append(text, rows[i], widths);
        }

        if (model.Loss == LossKind.Custom && model.Losses.Length == 0 && model.Outputs.All(static output => !output.HasOutputActivation))
            text.Append("Predict gives raw values: the loss is a function of your own, and nothing says which activation belongs to it\n");
        if (model.IsPredictionOnly)
            text.Append("For prediction only: no loss and no gradients\n");
        else if (frozen > 0)
            text.Append(CultureInfo.InvariantCulture, $"Frozen: {frozen:N0} parameters\n");
        var kept = model.States.Sum(static state => (long)state.Length);
        if (kept > 0)
            text.Append(CultureInfo.InvariantCulture, $"State: {kept:N0} values, kept from step to step and not learned\n");
        if (model.Recomputation is { } again)
            text.Append(CultureInfo.InvariantCulture, $"Recomputation: a training step needs {again.Bytes:N0} bytes for each sample, and {again.BytesWithout:N0} if it kept all activations\n");
        return text.ToString();
    }

    private static string[] Row(string name, string kind, string output, long parameters, long flops, long bytes) =>
        [name, kind, output, Number(parameters), Number(flops), Number(bytes)];

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, string[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < row.Length; i++)
        {
            if (i > 0)
                line.Append("  ");
            line.Append(i < 3 ? row[i].PadRight(widths[i]) : row[i].PadLeft(widths[i]));
        }

        text.Append(line.ToString().TrimEnd()).Append('\n');
    }
}
