using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>The members of a model with an error. All members exist, so that code that uses the model compiles and there are no further errors. Each of them throws the message.</summary>
internal sealed class BrokenModelWriter
{
    private readonly ModelSpec spec;
    private readonly CodeWriter writer;
    private readonly HashSet<string> taken;
    private readonly string thrown;
    private readonly bool hasRecords;

    private BrokenModelWriter(ModelSpec spec, CodeWriter writer, string message, bool hasRecords)
    {
        (this.spec, this.writer, this.hasRecords) = (spec, writer, hasRecords);
        // Names of the user's own members that are taken.
        taken = [.. spec.Problems.Where(problem => problem.Id == Descriptors.NameTaken.Id).Select(problem => problem.Arguments[0])];
        thrown = taken.Contains(GeneratedMembers.Message) ? Literals.Text(message) : GeneratedMembers.Message;
    }

    /// <param name="spec">The model.</param>
    /// <param name="message">The message that its members throw.</param>
    /// <param name="crash">The exception of the compiler; null for an error in the user's code.</param>
    /// <param name="hasRecords">Whether the C# version of the project has records, which examples use.</param>
    public static string Write(ModelSpec spec, string message, string? crash, bool hasRecords = true) => TypeWriter.Write(
        spec.Type,
        writer => writer.Summary([$"{spec.Type.Name} does not compile: {message}"]),
        writer => new BrokenModelWriter(spec, writer, message, hasRecords).Write(message, crash));

    private void Write(string message, string? crash)
    {
        var name = Identifiers.Escape(spec.Type.Name);
        if (!taken.Contains(GeneratedMembers.Message)) writer.Line($"private const string {GeneratedMembers.Message} = {Literals.Text(message)};");
        if (crash is not null) writer.Line($"private const string {GeneratedMembers.Crash} = {Literals.Text(crash)};");

        // The base class reads the description before any other member.
        Throwing(GeneratedMembers.Description, $"private static global::ModelDsl.Compiled.ModelDescription {GeneratedMembers.Description}");
        writer.Line();
        var description = taken.Contains(GeneratedMembers.Description) ? "null!" : GeneratedMembers.Description;
        using (writer.Block($"public {name}(int seed = 0, global::ModelDsl.Device? device = null)\n    : base({description}, seed, device)"))
        {
        }

        Throwing("FromFile", $"public static {name} FromFile(string path, global::ModelDsl.Device? device = null)");
        if (spec.Weights is not null) Throwing(WeightsMemberWriter.Name, WeightsMemberWriter.Header(spec));
        Predicting("Predict");
        if (!spec.IsPredictionOnly) Predicting("PredictLogits");
        foreach (var output in NamedOutputs()) Predicting(output, isNamed: true);
        if (!spec.IsPredictionOnly) Losses();
        if (spec.Generates) Throwing(SessionWriter.Name, SessionWriter.Header(spec));
    }

    private void Predicting(string member, bool isNamed = false)
    {
        var inputs = ModelInputs.Of(spec);
        var outputs = (isNamed ? null : spec.Forward)?.Outputs.ToArray() ?? ["predictions"];
        if (outputs.Length == 1) outputs[0] = inputs.Count == 1 ? "predictions" : outputs[0];
        var (arguments, rooms) = TensorNames.Parameters(inputs.Select(ModelInputs.NameOf), outputs);
        var given = string.Join(", ", inputs.Zip(arguments, (input, argument) => $"global::System.ReadOnlySpan<{(ModelInputs.IsTokens(input) ? "int" : "float")}> {argument}"));
        var results = string.Join(", ", rooms.Select(room => $"global::System.Span<float> {room}"));
        var types = outputs.Length == 1 ? "float[]" : $"({string.Join(", ", TensorNames.Elements(outputs).Select(element => $"float[] {element}"))})";
        Throwing(member, $"public void {member}({given}, {results})");
        Throwing(member, $"public {types} {member}({given})");
    }

    private void Losses()
    {
        var losses = ModelInputs.Losses(spec);
        var parts = losses.Where(loss => loss.Part.Length > 0).ToArray();
        foreach (var loss in parts) Throwing("Backward" + LayerNames.Pascal(loss.Name), $"public void Backward{LayerNames.Pascal(loss.Name)}(global::ModelDsl.Batch batch)");
        foreach (var part in parts.Select(loss => loss.Member).Distinct()) Throwing(part, $"public global::ModelDsl.ModelPart {part}");
        if (ExampleWriter.IsLeftOut(spec) || !hasRecords) return;
        var columns = ModelInputs.Of(spec).Concat(ModelInputs.Targets(spec)).Select(column => (Type: ExampleType(column), Name: ModelInputs.NameOf(column))).ToList();
        columns.AddRange(TargetOfClass());
        var properties = TensorNames.Properties(columns.Select(column => column.Name));
        writer.Line();
        using (writer.Block($"public sealed record Example({string.Join(", ", columns.Zip(properties, (column, property) => $"{column.Type} {property}"))})"))
        {
            Throwing("", "public static global::ModelDsl.SampleLayout<Example> Layout");
        }
    }

    /// <summary>
    /// The target of a loss on the class. Whether a sample has one value or several is not known for a model with an error, so code may pass both. A type of the project named
    /// dynamic would be used instead of the keyword.
    /// </summary>
    private (string Type, string Name)[] TargetOfClass()
    {
        if (spec.Forward is { Losses.Count: > 0 }) return [];
        var any = spec.Type.SeesTypeCalledDynamic ? "object" : "dynamic";
        if (spec.Layers.LastOrDefault(layer => LayerTable.TryFind(layer.Kind) is LossLayer) is not { } loss) return [(any, "target")];
        var call = new LayerCall(loss);
        (string, string)[] weight = call.Flag("sampleWeights") ? [("float", "weight")] : [];
        return call.Word("target", "Given") == "Input" ? weight : [(any, loss.Kind == "SoftmaxCrossEntropy" && !call.Flag("softTargets") ? "label" : "target"), .. weight];
    }

    /// <summary>The predictions of outputs inside the network: those with a valid name, and those named after the preceding layer.</summary>
    private IEnumerable<string> NamedOutputs()
    {
        var names = new HashSet<string>(spec.OwnMembers) { "PredictLogits" };
        for (var i = 1; i < spec.Layers.Count; i++)
        {
            if (spec.Layers[i].Kind != Layers.NamedOutputs.Kind) continue;
            var name = new LayerCall(spec.Layers[i]).Word("name", "") is { Length: > 0 } own ? own : new LayerCall(spec.Layers[i - 1]).Word("name", "");
            if (LayerNames.IsIdentifier(name) && names.Add(Layers.NamedOutputs.MethodOf(name))) yield return Layers.NamedOutputs.MethodOf(name);
        }
    }

    private static string ExampleType(LayerSpec column)
    {
        var call = new LayerCall(column);
        var isOne = column.Kind is "TokenInput" or "Label"
            ? call.Int("length") <= (column.Kind == "Label" ? 1 : 0) || call.Int("length") == 1
            : call.Ints("shape").Aggregate(1, (product, size) => unchecked(product * size)) == 1;
        return (column.Kind is "TokenInput" or "Label" ? "int" : "float") + (isOne ? "" : "[]");
    }

    private void Throwing(string member, string header)
    {
        if (taken.Contains(member)) return;
        writer.Line();
        writer.Line($"{header} => throw new global::System.InvalidOperationException({thrown});");
    }
}
