using System.Globalization;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The table in the tooltip of a model's class, with one row per layer.</summary>
internal static class SummaryTable
{
    public static void Write(CodeWriter writer, CompiledModel model)
    {
        writer.Line("/// <summary>");
        writer.Line($"/// <para>{Comments.Xml(model.Spec.Type.Name)}: {Count(model.Lowered.Layers.Sum(row => row.Parameters))} parameters, {Count(model.Lowered.Layers.Sum(row => row.Flops))} FLOPs per sample forward.</para>");
        writer.Line("/// <list type=\"table\">");
        writer.Line("/// <listheader><term>Layer</term><description>Output · parameters · FLOPs · bytes per sample</description></listheader>");
        foreach (var row in model.Lowered.Layers)
        {
            var indent = string.Concat(Enumerable.Repeat("  ", row.Depth));
            writer.Line(
                $"/// <item><term>{indent}{Comments.Xml(row.Name)}: {Comments.Xml(row.Kind)}</term>"
                + $"<description>{Comments.Xml(row.Output)} · {Count(row.Parameters)} · {Count(row.Flops)} · {Count(row.Bytes)}</description></item>");
        }

        writer.Line("/// </list>");
        writer.Line("/// </summary>");
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
