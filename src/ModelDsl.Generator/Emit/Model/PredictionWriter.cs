using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>Writes predictions with the names of inputs and outputs.</summary>
internal static class PredictionWriter
{
    private const string Parts = "global::ModelDsl.Compiled.InferParts";

    public static void Write(CodeWriter writer, CompiledModel model)
    {
        var hasOutputActivation = model.Outputs.Any(model.HasOutputActivation);
        var (raw, remark) = !hasOutputActivation ? RawValues(model)
            : model.Spec.Layers.Any(layer => new LayerCall(layer).Word("outputActivation", "") == "Exp") ? ("exp(y) of the raw values y, which the loss takes for logarithms", "")
            : ("what the loss makes of the raw values: probabilities", "");
        Both(new Members("Predict", raw, $"{Parts}.OutputActivation", remark));

        // Without a loss, nothing is applied to the raw values.
        if (!model.Spec.IsPredictionOnly) Both(new Members("PredictLogits", "the raw values of the last layer", $"{Parts}.None"));
        for (var i = 0; i < model.Named.Count; i++)
        {
            var name = model.Named[i].Name;
            var members = new Members(
                NamedOutputs.MethodOf(name), $"'{name}', the output of a layer inside the network", $"global::ModelDsl.Compiled.InferStages.UpTo({i})", " What follows it is not computed.");
            Write(writer, model, members, [model.Named[i]], model.Outputs.Count + i);
        }

        void Both(Members members) => Write(writer, model, members, model.Outputs, 0);
    }

    /// <summary>Describes predictions without an output activation. The values of a loss that the user wrote have no known meaning.</summary>
    private static (string What, string Remark) RawValues(CompiledModel model)
    {
        if (model.Lowered.LossKind != "Custom") return ("the outputs", "");
        if (model.Spec.Forward is { Losses.Count: > 0 }) return ("the outputs as Forward leaves them: raw values where it ends without an activation", "");
        var loss = model.Spec.Layers[model.Spec.Layers.Count - 1];
        var function = new LayerCall(loss).Function("function")?.Name ?? "F";
        return (
            $"the raw values of the last layer, as the loss {function} is given them",
            $" Where they are logits, [Loss(nameof({function}), OutputActivation = OutputActivation.Sigmoid)] makes probabilities of them here; otherwise apply to the result what belongs to the loss.");
    }

    private static void Write(CodeWriter writer, CompiledModel model, Members members, IReadOnlyList<Root> outputs, int first)
    {
        if (model.Lowered.Inputs.Count == 1 && outputs.Count == 1) Single(writer, model, members, outputs[0], first);
        else Several(writer, model, members, outputs, first);
    }

    private static void Single(CodeWriter writer, CompiledModel model, Members members, Root output, int index)
    {
        var input = model.Lowered.Inputs[0].Node;
        var method = input.Type == ElementType.Int ? "base.PredictTokens" : "base.PredictFloats";
        var (names, results) = TensorNames.Parameters([input.Name], [output.Kind == RootKind.Named ? output.Name : "predictions"]);
        var (argument, room) = (names[0], results[0]);
        var shape = Comments.Xml(output.Value.Shape.ToString());
        var which = index == 0 ? "" : $", {index}";
        Document(writer, model, members, names);
        writer.Line($"/// <param name=\"{room.TrimStart('@')}\">{shape}, as many samples as there are inputs.</param>");
        writer.Line($"public void {members.Name}({Given(input, argument)}, global::System.Span<float> {room}) => {method}({argument}, {room}, {members.Parts}{which});");
        Document(writer, model, members, names);
        writer.Line($"/// <returns>{shape}, as many samples as there are inputs.</returns>");
        writer.Line($"public float[] {members.Name}({Given(input, argument)}) => {method}({argument}, {members.Parts}{which});");
    }

    private static void Several(CodeWriter writer, CompiledModel model, Members members, IReadOnlyList<Root> outputs, int first)
    {
        var inputs = model.Lowered.Inputs.Select(column => column.Node).ToArray();
        var (arguments, results) = TensorNames.Parameters(inputs.Select(input => input.Name), outputs.Select(output => output.Name));
        var locals = new Loops.Names([.. arguments, .. results]);
        var (samples, prediction, batch, done, run) =
            (locals.Unique("samples"), locals.Unique("prediction"), locals.Unique("batch"), locals.Unique("done"), locals.Unique("results"));
        var given = string.Join(", ", inputs.Zip(arguments, Given));
        Document(writer, model, members, arguments);
        for (var i = 0; i < results.Length; i++)
        {
            writer.Line($"/// <param name=\"{results[i].TrimStart('@')}\">Room for {Comments.Xml(outputs[i].Value.Shape.ToString())}, as many samples as there are inputs.</param>");
        }

        using (writer.Block($"public void {members.Name}({given}, {string.Join(", ", results.Select(result => $"global::System.Span<float> {result}"))})"))
        {
            writer.Line($"using global::ModelDsl.Prediction {prediction} = base.BeginPrediction();");
            writer.Line($"int {samples} = {prediction}.CountSamples({arguments[0]}.Length);");
            for (var i = 0; i < inputs.Length; i++) writer.Line($"{prediction}.CheckInput({i}, {arguments[i]}, {samples});");
            for (var i = 0; i < results.Length; i++) writer.Line($"{prediction}.CheckOutput({first + i}, {results[i]}, {samples});");
            using (writer.Block($"for (int {done} = 0; {done} < {samples};)"))
            {
                writer.Line($"global::ModelDsl.Batch {batch} = {prediction}.Columns({samples} - {done});");
                for (var i = 0; i < inputs.Length; i++) writer.Line($"{prediction}.Fill({batch}, {i}, {arguments[i]}, {done});");
                writer.Line($"global::ModelDsl.Inference {run} = {prediction}.Run({batch}, {members.Parts});");
                for (var i = 0; i < results.Length; i++) writer.Line($"{run}.CopyTo({first + i}, {results[i]}, {done});");
                writer.Line($"{done} += {batch}.Count;");
            }
        }

        Document(writer, model, members, arguments);
        writer.Line($"/// <returns>{Comments.Xml(string.Join("; ", outputs.Select(output => $"{output.Name} {output.Value.Shape}")))}, as many samples as there are inputs.</returns>");
        var types = results.Length == 1 ? "float[]" : $"({string.Join(", ", TensorNames.Elements(outputs.Select(output => output.Name)).Select(element => $"float[] {element}"))})";
        using (writer.Block($"public {types} {members.Name}({given})"))
        {
            writer.Line($"int {samples} = {arguments[0]}.Length / {Literals.Int(inputs[0].Shape.Length)};");
            for (var i = 0; i < results.Length; i++) writer.Line($"float[] {results[i]} = new float[{samples} * {Literals.Int(outputs[i].Value.Shape.Length)}];");
            writer.Line($"{members.Name}({string.Join(", ", arguments.Concat(results))});");
            writer.Line(results.Length == 1 ? $"return {results[0]};" : $"return ({string.Join(", ", results)});");
        }
    }

    private static string Given(InputNode input, string argument) => $"global::System.ReadOnlySpan<{(input.Type == ElementType.Int ? "int" : "float")}> {argument}";

    private static void Document(CodeWriter writer, CompiledModel model, Members members, string[] arguments)
    {
        writer.Line();
        writer.Summary([$"Predicts {members.What}, for one sample or several one after the other. Thread-safe.{members.Remark}"]);
        for (var i = 0; i < arguments.Length; i++)
        {
            writer.Line($"/// <param name=\"{arguments[i].TrimStart('@')}\">{Comments.Xml(model.Lowered.Inputs[i].Node.Shape.ToString())}.</param>");
        }
    }

    /// <summary>The two overloads of a prediction.</summary>
    /// <param name="Name">Their name.</param>
    /// <param name="What">What they predict.</param>
    /// <param name="Parts">The parts of the inference that they run, as C#.</param>
    /// <param name="Remark">An addition to their documentation.</param>
    private sealed record Members(string Name, string What, string Parts, string Remark = "");
}
