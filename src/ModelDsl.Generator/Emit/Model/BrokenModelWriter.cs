using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Parsing.Bodies;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>
/// The members of a model with a mistake: they are all there, so that code that uses the model still compiles and the mistake is the only error, and
/// each throws its message.
/// </summary>
internal static class BrokenModelWriter
{
    /// <summary>The constant by which the analyzer learns that the compiler crashed: only the generator gets that far.</summary>
    public const string CrashConstant = "GeneratedInternalError";

    /// <param name="spec">The model.</param>
    /// <param name="message">What its members throw.</param>
    /// <param name="crash">What went wrong in the compiler, or null for a mistake of the user.</param>
    public static string Write(ModelSpec spec, string message, string? crash) => TypeWriter.Write(
        spec.Type,
        writer => writer.Summary([$"{spec.Type.Name} does not compile: {message}"]),
        writer =>
        {
            var name = ProgramNames.Identifier(spec.Type);
            writer.Line($"private const string GeneratedMessage = {Literals.Text(message)};");
            if (crash is not null) writer.Line($"private const string {CrashConstant} = {Literals.Text(crash)};");
            writer.Line();
            using (writer.Block($"public {name}(int seed = 0, global::ModelDsl.Device? device = null)\n    : base(null!, seed, device)"))
            {
                writer.Line("throw new global::System.InvalidOperationException(GeneratedMessage);");
            }

            Throwing(writer, $"public static {name} FromFile(string path, global::ModelDsl.Device? device = null)");
            Predicting(writer, "Predict", spec);
            Predicting(writer, "PredictLogits", spec);
            foreach (var output in NamedOutputs(spec)) Predicting(writer, output, spec, isNamed: true);
            Losses(writer, spec);
            Throwing(writer, "protected override global::ModelDsl.Compiled.CpuProgram CreateCpuProgram(int vectorBits)");
        });

    private static void Predicting(CodeWriter writer, string name, ModelSpec spec, bool isNamed = false)
    {
        var inputs = Inputs(spec);
        var outputs = (isNamed ? null : spec.Forward)?.Outputs.ToArray() ?? ["predictions"];
        if (outputs.Length == 1) outputs[0] = inputs.Count == 1 ? "predictions" : outputs[0];
        var (arguments, rooms) = TensorNames.Parameters(inputs.Select(NameOf), outputs);
        var given = string.Join(", ", inputs.Zip(arguments, (input, argument) => $"global::System.ReadOnlySpan<{(IsTokens(input) ? "int" : "float")}> {argument}"));
        var results = string.Join(", ", rooms.Select(room => $"global::System.Span<float> {room}"));
        var types = outputs.Length == 1 ? "float[]" : $"({string.Join(", ", TensorNames.Elements(outputs).Select(element => $"float[] {element}"))})";
        Throwing(writer, $"public void {name}({given}, {results})");
        Throwing(writer, $"public {types} {name}({given})");
    }

    /// <summary>What a model with losses as methods has beside.</summary>
    private static void Losses(CodeWriter writer, ModelSpec spec)
    {
        var losses = spec.Forward?.Losses.ToArray() ?? [];
        var parts = losses.Where(loss => loss.Part.Length > 0).ToArray();
        foreach (var loss in parts) Throwing(writer, $"public void Backward{Names.Pascal(loss.Name)}(global::ModelDsl.Batch batch)");
        foreach (var member in parts.Select(loss => loss.Member).Distinct()) Throwing(writer, $"public global::ModelDsl.ModelPart {member}");

        var inputs = Inputs(spec);
        var targets = losses.SelectMany(loss => loss.Parameters).Select(parameter => parameter.Column).OfType<LayerSpec>().GroupBy(NameOf).Select(same => same.First()).ToArray();
        if (ExampleWriter.IsTaken(spec)) return;
        var columns = inputs.Concat(targets).Select(column => (Type: ExampleType(column), Name: NameOf(column))).ToList();
        columns.AddRange(TargetOfClass(spec));
        var properties = TensorNames.Properties(columns.Select(column => column.Name));
        writer.Line();
        using (writer.Block($"public sealed record Example({string.Join(", ", columns.Zip(properties, (column, property) => $"{column.Type} {property}"))})"))
        {
            writer.Line("public static global::ModelDsl.SampleLayout<Example> Layout => throw new global::System.InvalidOperationException(GeneratedMessage);");
        }
    }

    /// <summary>
    /// What a loss on the class compares with. Whether a sample has one value of it or several is not known while there is a mistake: code may give both.
    /// </summary>
    private static IEnumerable<(string Type, string Name)> TargetOfClass(ModelSpec spec)
    {
        if (spec.Forward is { Losses.Count: > 0 }) return [];
        if (spec.Layers.LastOrDefault(layer => LayerTable.TryFind(layer.Kind) is LossLayer) is not { } loss) return [("dynamic", "target")];
        var call = new LayerCall(loss);
        if (call.Word("target", "Given") == "Input") return [];
        return [("dynamic", loss.Kind == "SoftmaxCrossEntropy" && !call.Flag("softTargets") ? "label" : "target")];
    }

    /// <summary>The predictions of outputs inside a list that have a good name, or one after the name that the layer before them was given.</summary>
    private static IEnumerable<string> NamedOutputs(ModelSpec spec)
    {
        var taken = new HashSet<string>(spec.OwnMembers) { "PredictLogits" };
        for (var i = 1; i < spec.Layers.Count; i++)
        {
            if (spec.Layers[i].Kind != Layers.NamedOutputs.Kind) continue;
            var name = new LayerCall(spec.Layers[i]).Word("name", "") is { Length: > 0 } own ? own : new LayerCall(spec.Layers[i - 1]).Word("name", "");
            if (Layers.Names.IsIdentifier(name) && taken.Add(Layers.NamedOutputs.MethodOf(name))) yield return Layers.NamedOutputs.MethodOf(name);
        }
    }

    /// <summary>The inputs as far as they are declared; a model without any is taken to have numbers.</summary>
    private static List<LayerSpec> Inputs(ModelSpec spec)
    {
        var declared = spec.Layers.Where(layer => layer.Kind is "Input" or "TokenInput").ToList();
        var wanted = spec.Forward is { Inputs.Count: > 1 } forward ? forward.Inputs.Count : 1;
        if (declared.Count == 0) declared.Add(new("Input", Common.EquatableArray<ArgumentSpec>.Empty, Common.EquatableArray<string>.Empty, Site.OfType(spec.Type.Key)));
        return [.. declared.Take(wanted)];
    }

    private static bool IsTokens(LayerSpec input) => input.Kind == "TokenInput";

    private static string NameOf(LayerSpec column) => new LayerCall(column).Word("name", "") is { Length: > 0 } name ? name : "input";

    private static string ExampleType(LayerSpec column)
    {
        var call = new LayerCall(column);
        var isOne = column.Kind is "TokenInput" or "Label"
            ? call.Int("length") <= (column.Kind == "Label" ? 1 : 0) || call.Int("length") == 1
            : call.Ints("shape").Aggregate(1, (product, size) => product * size) == 1;
        return (column.Kind is "TokenInput" or "Label" ? "int" : "float") + (isOne ? "" : "[]");
    }

    private static void Throwing(CodeWriter writer, string header)
    {
        writer.Line();
        writer.Line($"{header} => throw new global::System.InvalidOperationException(GeneratedMessage);");
    }
}
