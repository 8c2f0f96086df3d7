using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>
/// Writes a record with a property for each column, inputs first, and the code that fills batches from it. A column with one value per sample is a number, any other is an array.
/// A class that declares <c>Example</c> itself gets none, nor does a model for prediction only, which needs no data with targets.
/// </summary>
internal static class ExampleWriter
{
    public static void Write(CodeWriter writer, CompiledModel model)
    {
        if (IsLeftOut(model.Spec)) return;
        var columns = model.Lowered.Inputs.Concat(model.Lowered.Targets).Select(column => column.Node).ToArray();
        var properties = TensorNames.Properties(columns.Select(column => column.Name));
        writer.Line();
        writer.Summary([$"A sample of {model.Spec.Type.Name}: what goes in, and what its losses compare with. Dataset.FromSamples(examples, {model.Spec.Type.Name}.Example.Layout) makes data of them."]);
        for (var i = 0; i < columns.Length; i++) writer.Line($"/// <param name=\"{properties[i]}\">{Comments.Xml(Sample(columns[i]))}.</param>");
        using (writer.Block($"public sealed record Example({string.Join(", ", columns.Zip(properties, (column, property) => $"{Type(column)} {property}"))})"))
        {
            writer.Line("/// <summary>How batches are filled.</summary>");
            writer.Line("public static global::ModelDsl.SampleLayout<Example> Layout { get; } = new global::ModelDsl.SampleLayout<Example>()");
            for (var i = 0; i < columns.Length; i++)
            {
                var (name, method) = (properties[i], columns[i].Type == ElementType.Int ? "Ints" : "Floats");
                var values = columns[i].Shape.Length == 1 ? $"[example.{name}]" : $"example.{name}";
                writer.Line($"    .{method}({Literals.Text(columns[i].Name)}, {columns[i].Shape.Length}, static example => {values}){(i == columns.Length - 1 ? ";" : "")}");
            }
        }
    }

    /// <summary>Whether the model gets no record: it is for prediction only, or the user's class is named so or has a member with that name.</summary>
    public static bool IsLeftOut(ModelSpec spec) => spec.IsPredictionOnly || spec.Type.Name == "Example" || spec.OwnMembers.Contains("Example");

    private static string Type(InputNode column) => (column.Type == ElementType.Int ? "int" : "float") + (column.Shape.Length == 1 ? "" : "[]");

    private static string Sample(InputNode column)
    {
        var shape = column.Shape.Rank == 1 ? "one value" : $"[{string.Join(", ", column.Shape.Extents.Skip(1))}]";
        var ignored = column.Ignored is { } label ? $", or {Literals.Int(label)} where there is none" : "";
        return column.Type == ElementType.Int ? $"{shape}, each below {column.Bound}{ignored}" : shape;
    }
}
