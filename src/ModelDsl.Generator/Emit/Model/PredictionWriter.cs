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
        var method = input.Type == ElementType.Int ? "base.PredictTokens" : "base.PredictFloats";
        var (names, results) = TensorNames.Parameters([input.Name], ["predictions"]);
        var (argument, room) = (names[0], results[0]);
        var shape = Comments.Xml(model.Outputs[0].Value.Shape.ToString());
        Document(writer, model, what, names);
        writer.Line($"/// <param name=\"{room}\">{shape}, as many samples as there are inputs.</param>");
        writer.Line($"public void {name}({Given(input, argument)}, global::System.Span<float> {room}) => {method}({argument}, {room}, {parts});");
        Document(writer, model, what, names);
        writer.Line($"/// <returns>{shape}, as many samples as there are inputs.</returns>");
        writer.Line($"public float[] {name}({Given(input, argument)}) => {method}({argument}, {parts});");
    }

    private static void Several(CodeWriter writer, CompiledModel model, string name, string what, string parts)
    {
        var inputs = model.Lowered.Inputs.Select(column => column.Node).ToArray();
        var (arguments, results) = TensorNames.Parameters(inputs.Select(input => input.Name), model.Outputs.Select(output => output.Name));
        var locals = new Names([.. arguments, .. results]);
        var (samples, prediction, batch, done, run) =
            (locals.Unique("samples"), locals.Unique("prediction"), locals.Unique("batch"), locals.Unique("done"), locals.Unique("results"));
        var given = string.Join(", ", inputs.Zip(arguments, Given));
        Document(writer, model, what, arguments);
        for (var i = 0; i < results.Length; i++)
        {
            writer.Line($"/// <param name=\"{results[i].TrimStart('@')}\">Room for {Comments.Xml(model.Outputs[i].Value.Shape.ToString())}, as many samples as there are inputs.</param>");
        }

        using (writer.Block($"public void {name}({given}, {string.Join(", ", results.Select(result => $"global::System.Span<float> {result}"))})"))
        {
            writer.Line($"using global::ModelDsl.Prediction {prediction} = base.BeginPrediction();");
            writer.Line($"int {samples} = {prediction}.CountSamples({arguments[0]}.Length);");
            for (var i = 0; i < inputs.Length; i++) writer.Line($"{prediction}.CheckInput({i}, {arguments[i]}, {samples});");
            for (var i = 0; i < results.Length; i++) writer.Line($"{prediction}.CheckOutput({i}, {results[i]}, {samples});");
            using (writer.Block($"for (int {done} = 0; {done} < {samples};)"))
            {
                writer.Line($"global::ModelDsl.Batch {batch} = {prediction}.Columns({samples} - {done});");
                for (var i = 0; i < inputs.Length; i++) writer.Line($"{prediction}.Fill({batch}, {i}, {arguments[i]}, {done});");
                writer.Line($"global::ModelDsl.Inference {run} = {prediction}.Run({batch}, {parts});");
                for (var i = 0; i < results.Length; i++) writer.Line($"{run}.CopyTo({i}, {results[i]}, {done});");
                writer.Line($"{done} += {batch}.Count;");
            }
        }

        Document(writer, model, what, arguments);
        writer.Line($"/// <returns>{Comments.Xml(string.Join("; ", model.Outputs.Select(output => $"{output.Name} {output.Value.Shape}")))}, as many samples as there are inputs.</returns>");
        var types = results.Length == 1 ? "float[]" : $"({string.Join(", ", TensorNames.Elements(model.Outputs.Select(output => output.Name)).Select(element => $"float[] {element}"))})";
        using (writer.Block($"public {types} {name}({given})"))
        {
            writer.Line($"int {samples} = {arguments[0]}.Length / {Literals.Int(inputs[0].Shape.Length)};");
            for (var i = 0; i < results.Length; i++) writer.Line($"float[] {results[i]} = new float[{samples} * {Literals.Int(model.Outputs[i].Value.Shape.Length)}];");
            writer.Line($"{name}({string.Join(", ", arguments.Concat(results))});");
            writer.Line(results.Length == 1 ? $"return {results[0]};" : $"return ({string.Join(", ", results)});");
        }
    }

    private static string Given(InputNode input, string argument) => $"global::System.ReadOnlySpan<{(input.Type == ElementType.Int ? "int" : "float")}> {argument}";

    private static void Document(CodeWriter writer, CompiledModel model, string what, string[] arguments)
    {
        writer.Line();
        writer.Summary([$"Predicts {what}, for one sample or several one after the other. Thread-safe."]);
        for (var i = 0; i < arguments.Length; i++)
        {
            writer.Line($"/// <param name=\"{arguments[i].TrimStart('@')}\">{Comments.Xml(model.Lowered.Inputs[i].Node.Shape.ToString())}.</param>");
        }
    }
}
