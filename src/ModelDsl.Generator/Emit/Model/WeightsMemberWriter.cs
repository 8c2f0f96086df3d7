using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.WeightFiles;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>Writes the method that creates a model with the weights of its file.</summary>
internal static class WeightsMemberWriter
{
    /// <summary>The name of the method.</summary>
    public const string Name = "FromWeights";

    private const string Helper = "global::ModelDsl.Compiled.WeightsFile";

    /// <summary>The header of the method.</summary>
    public static string Header(ModelSpec spec) => $"public static {Identifiers.Escape(spec.Type.Name)} {Name}(global::ModelDsl.Device? device = null)";

    public static void Write(CodeWriter writer, ModelSpec spec, WeightsSpec weights)
    {
        var type = Identifiers.Escape(spec.Type.Name);
        var file = Literals.Text(weights.File);
        writer.Line();
        writer.Summary([$"Creates the model with the parameters of '{weights.File}', which lies beside the program."]);
        writer.Line("/// <param name=\"device\">Where it computes; null for the CPU.</param>");
        using (writer.Block(Header(spec)))
        {
            if (weights.IsExact)
            {
                writer.Line($"using global::ModelDsl.Checkpoints.SafetensorsFile file = {Helper}.Open({file});");
                writer.Line($"return new {type}(file, device);");
                return;
            }

            string[] options =
            [
                .. weights.Prefix.Length > 0 ? [$"Prefix = {Literals.Text(weights.Prefix)}"] : Array.Empty<string>(),
                .. weights.FilePrefix.Length > 0 ? [$"FilePrefix = {Literals.Text(weights.FilePrefix)}"] : Array.Empty<string>(),
                .. weights.AllowsMissing ? ["AllowMissing = true"] : Array.Empty<string>(),
                .. weights.AllowsUnexpected ? ["AllowUnexpected = true"] : Array.Empty<string>(),
            ];
            writer.Line($"return {Helper}.Load(new {type}(0, device), {file}, new global::ModelDsl.LoadOptions {{ {string.Join(", ", options)} }});");
        }
    }
}
