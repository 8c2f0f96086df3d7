using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>Writes the generated part of a partial property with [Weight]. Like <c>Forward</c>, it is never run.</summary>
internal static class WeightWriter
{
    /// <summary>The file of a weight.</summary>
    public static GeneratedModel Generate(WeightProperty weight) =>
        new(HintNames.KeyOf(weight.Type.Key, weight.Name), EquatableArray.Of(new GeneratedFile(HintNames.WeightSuffix, Write(weight))));

    private static string Write(WeightProperty weight)
    {
        var writer = new CodeWriter();
        foreach (var line in SourceHeader.Lines) writer.Line(line);
        TypeWriter.Around(writer, weight.Type, () =>
        {
            using (writer.Block($"partial class {Identifiers.Escape(weight.Type.Name)}"))
            {
                writer.Line(
                    $"{weight.Modifiers} global::ModelDsl.Tensor {Identifiers.Escape(weight.Name)} => "
                    + $"throw new global::System.InvalidOperationException({Literals.Text(Message(weight))});");
            }
        });
        return writer.ToString();
    }

    private static string Message(WeightProperty weight) =>
        $"'{weight.Name}' describes a weight to the compiler of the network and has no value at run time; the numbers are in the model's Parameters.";
}
