using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops.Cpu;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The members users call: constructors, predictions with the model's own names, files.</summary>
internal static class MembersWriter
{
    private const string Parts = "global::ModelDsl.Compiled.InferParts";

    public static string Write(CompiledModel model) => TypeWriter.Write(
        model.Spec.Type,
        writer => SummaryTable.Write(writer, model),
        writer =>
        {
            DescriptionWriter.Write(writer, model);
            Constructors(writer, model);
            Predictions(writer, model);
            Program(writer, model);
        });

    private static void Constructors(CodeWriter writer, CompiledModel model)
    {
        var name = ProgramNames.Identifier(model.Spec.Type);
        writer.Line();
        writer.Line("/// <summary>Creates the model with fresh parameters.</summary>");
        writer.Line("/// <param name=\"seed\">Decides the initial values and the dropout masks: the same seed gives the same training run.</param>");
        writer.Line("/// <param name=\"device\">Where it computes; null for the CPU.</param>");
        using (writer.Block($"public {name}(int seed = 0, global::ModelDsl.Device? device = null)\n    : base(GeneratedDescription, seed, device)"))
        {
        }

        writer.Line();
        using (writer.Block($"private {name}(global::ModelDsl.Checkpoints.SafetensorsFile file, global::ModelDsl.Device? device)\n    : base(GeneratedDescription, file, device)"))
        {
        }

        writer.Line();
        writer.Line("/// <summary>Creates the model with the parameters of a safetensors file, which must hold exactly these.</summary>");
        writer.Line("/// <param name=\"path\">The file.</param>");
        writer.Line("/// <param name=\"device\">Where it computes; null for the CPU.</param>");
        using (writer.Block($"public static {name} FromFile(string path, global::ModelDsl.Device? device = null)"))
        {
            writer.Line("using var file = global::ModelDsl.Checkpoints.SafetensorsFile.Open(path);");
            writer.Line($"return new {name}(file, device);");
        }
    }

    private static void Predictions(CodeWriter writer, CompiledModel model)
    {
        var input = model.Lowered.Inputs[0].Node;
        var (type, method) = input.Type == ElementType.Int ? ("int", "PredictTokens") : ("float", "PredictFloats");
        var argument = Loops.Names.Camel(input.Name);
        var given = $"global::System.ReadOnlySpan<{type}> {argument}";
        var output = model.Infer.Fused.Graph.Roots.First(root => root.Kind == RootKind.Output).Value.Shape;
        var hasLink = model.Infer.RootStorage(RootKind.Link) != model.Infer.RootStorage(RootKind.Output);
        Pair("Predict", hasLink ? "what the loss makes of the raw values: probabilities" : "the outputs", $"{Parts}.Link");
        Pair("PredictLogits", "the raw values of the last layer", $"{Parts}.None");

        void Pair(string name, string what, string parts)
        {
            Document($"Predicts {what}, for one sample or several one after the other. Thread-safe.");
            writer.Line($"/// <param name=\"predictions\">{CodeWriter.Escape(output.ToString())}, as many samples as there are inputs.</param>");
            writer.Line($"public void {name}({given}, global::System.Span<float> predictions) => {method}({argument}, predictions, {parts});");
            Document($"Predicts {what}, for one sample or several one after the other. Thread-safe.");
            writer.Line($"/// <returns>{CodeWriter.Escape(output.ToString())}, as many samples as there are inputs.</returns>");
            writer.Line($"public float[] {name}({given}) => {method}({argument}, {parts});");
        }

        void Document(string summary)
        {
            writer.Line();
            writer.Summary([summary]);
            writer.Line($"/// <param name=\"{argument}\">{CodeWriter.Escape(input.Shape.ToString())}.</param>");
        }
    }

    private static void Program(CodeWriter writer, CompiledModel model)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("protected override global::ModelDsl.Compiled.CpuProgram CreateCpuProgram(int vectorBits) => vectorBits switch");
        writer.Line("{");
        foreach (var target in CpuTarget.All)
        {
            var pattern = target == CpuTarget.Portable ? "_" : Literals.Int(target.Bits);
            writer.Line($"    {pattern} => new {model.Names.FullProgram(target)}(),");
        }

        writer.Line("};");
    }
}
