using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>Predictions with the model's own names for inputs and outputs.</summary>
internal static class PredictionWriter
{
    private const string Parts = "global::ModelDsl.Compiled.InferParts";

    public static void Write(CodeWriter writer, CompiledModel model)
    {
        var hasLink = model.Outputs.Any(output =>
            model.Infer.RootStorage(RootKind.Link, output.Name) is { } link && link != model.Infer.RootStorage(RootKind.Output, output.Name));
        Both("Predict", hasLink ? "what the loss makes of the raw values: probabilities" : "the outputs", $"{Parts}.Link");
        Both("PredictLogits", "the raw values of the last layer", $"{Parts}.None");

        void Both(string name, string what, string parts)
        {
            if (model.Lowered.Inputs.Count == 1 && model.Outputs.Count == 1) Single(writer, model, name, what, parts);
            else Several(writer, model, name, what, parts);
        }
    }

    private static void Single(CodeWriter writer, CompiledModel model, string name, string what, string parts)
    {
        var input = model.Lowered.Inputs[0].Node;
        var method = input.Type == ElementType.Int ? "PredictTokens" : "PredictFloats";
        var argument = Argument(input);
        var shape = CodeWriter.Escape(model.Outputs[0].Value.Shape.ToString());
        Document(writer, model, what);
        writer.Line($"/// <param name=\"predictions\">{shape}, as many samples as there are inputs.</param>");
        writer.Line($"public void {name}({Given(input)}, global::System.Span<float> predictions) => {method}({argument}, predictions, {parts});");
        Document(writer, model, what);
        writer.Line($"/// <returns>{shape}, as many samples as there are inputs.</returns>");
        writer.Line($"public float[] {name}({Given(input)}) => {method}({argument}, {parts});");
    }

    private static void Several(CodeWriter writer, CompiledModel model, string name, string what, string parts)
    {
        var inputs = model.Lowered.Inputs.Select(column => column.Node).ToArray();
        var arguments = inputs.Select(Argument).ToArray();
        var locals = new Names(arguments);
        var results = model.Outputs.Select(output => locals.Unique(Names.Camel(output.Name))).ToArray();
        var (samples, prediction, batch, done, run) =
            (locals.Unique("samples"), locals.Unique("prediction"), locals.Unique("batch"), locals.Unique("done"), locals.Unique("results"));
        var given = string.Join(", ", inputs.Select(Given));
        Document(writer, model, what);
        for (var i = 0; i < results.Length; i++)
        {
            writer.Line($"/// <param name=\"{results[i]}\">Room for {CodeWriter.Escape(model.Outputs[i].Value.Shape.ToString())}, as many samples as there are inputs.</param>");
        }

        using (writer.Block($"public void {name}({given}, {string.Join(", ", results.Select(result => $"global::System.Span<float> {result}"))})"))
        {
            writer.Line($"using var {prediction} = BeginPrediction();");
            writer.Line($"var {samples} = {prediction}.CountSamples({arguments[0]}.Length);");
            for (var i = 0; i < inputs.Length; i++) writer.Line($"{prediction}.CheckInput({i}, {arguments[i]}, {samples});");
            for (var i = 0; i < results.Length; i++) writer.Line($"{prediction}.CheckOutput({i}, {results[i]}, {samples});");
            using (writer.Block($"for (var {done} = 0; {done} < {samples};)"))
            {
                writer.Line($"var {batch} = {prediction}.Columns({samples} - {done});");
                for (var i = 0; i < inputs.Length; i++) writer.Line($"{prediction}.Fill({batch}, {i}, {arguments[i]}, {done});");
                writer.Line($"var {run} = {prediction}.Run({batch}, {parts});");
                for (var i = 0; i < results.Length; i++) writer.Line($"{run}.CopyTo({i}, {results[i]}, {done});");
                writer.Line($"{done} += {batch}.Count;");
            }
        }

        Document(writer, model, what);
        writer.Line($"/// <returns>{CodeWriter.Escape(string.Join("; ", model.Outputs.Select(output => $"{output.Name} {output.Value.Shape}")))}, as many samples as there are inputs.</returns>");
        var types = results.Length == 1 ? "float[]" : $"({string.Join(", ", model.Outputs.Select(output => $"float[] {Names.Pascal(output.Name)}"))})";
        using (writer.Block($"public {types} {name}({given})"))
        {
            writer.Line($"var {samples} = {arguments[0]}.Length / {Literals.Int(inputs[0].Shape.Length)};");
            for (var i = 0; i < results.Length; i++) writer.Line($"var {results[i]} = new float[{samples} * {Literals.Int(model.Outputs[i].Value.Shape.Length)}];");
            writer.Line($"{name}({string.Join(", ", arguments.Concat(results))});");
            writer.Line(results.Length == 1 ? $"return {results[0]};" : $"return ({string.Join(", ", results)});");
        }
    }

    private static string Given(InputNode input) => $"global::System.ReadOnlySpan<{(input.Type == ElementType.Int ? "int" : "float")}> {Argument(input)}";

    private static string Argument(InputNode input) => Names.Camel(input.Name) is var name && Names.Keywords.Contains(name) ? "@" + name : name;

    private static void Document(CodeWriter writer, CompiledModel model, string what)
    {
        writer.Line();
        writer.Summary([$"Predicts {what}, for one sample or several one after the other. Thread-safe."]);
        foreach (var input in model.Lowered.Inputs.Select(column => column.Node))
        {
            writer.Line($"/// <param name=\"{Names.Camel(input.Name)}\">{CodeWriter.Escape(input.Shape.ToString())}.</param>");
        }
    }
}
