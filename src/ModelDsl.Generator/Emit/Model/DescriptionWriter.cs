using ModelDsl.Generator.Buckets;
using ModelDsl.Generator.Decoding;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit.Model;

/// <summary>Writes the description of a model for the runtime as one initializer.</summary>
internal static class DescriptionWriter
{
    private const string Compiled = "global::ModelDsl.Compiled";

    public static void Write(CodeWriter writer, CompiledModel model, CancellationToken cancellation)
    {
        var lowered = model.Lowered;
        writer.Line($"private static readonly {Compiled}.ModelDescription GeneratedDescription = new()");
        writer.Line("{");
        Item($"Name = {Literals.Text(model.Spec.Type.Name)},");
        Item($"Loss = {Compiled}.LossKind.{lowered.LossKind},");
        List("Inputs", lowered.Inputs.Select(column => Column(column, lowered)));
        List("Targets", lowered.Targets.Select(column => Column(column, lowered)));
        List("Outputs", model.Outputs.Concat(model.Named).Select(output => Output(output, model)));
        if (lowered.Comparisons.Count > 0) List("Comparisons", lowered.Comparisons.Select(comparison => $"new({Compiled}.LossKind.{comparison.Kind}, {comparison.Output}, {comparison.Column})"));
        List("Parameters", model.Parameters.Slots.Where(slot => slot.Parameter is not (StateNode or ConstantNode)).Select(slot => Parameter(slot, lowered)));
        if (model.Parameters.Slots.Any(slot => slot.Parameter is StateNode))
        {
            List("States", model.Parameters.Slots.Where(slot => slot.Parameter is StateNode).Select(slot => Parameter(slot, lowered)));
        }

        if (model.Parameters.Slots.Any(slot => slot.Parameter is ConstantNode))
        {
            List("Constants", model.Parameters.Slots.Where(slot => slot.Parameter is ConstantNode).Select(Constant));
        }

        if (lowered.NeedsTwoSamples is { } layer) Item($"NeedsTwoSamples = {Literals.Text(layer)},");
        Item($"ParameterFloats = {Literals.Int(model.Parameters.Floats)},");
        Item($"TrainableFloats = {Literals.Int(model.Parameters.TrainableFloats)},");
        if (lowered.HasSeveralLosses) List("Losses", lowered.Losses.Select(Loss));
        if (lowered.FormerNames.Count > 0) List("FormerNames", lowered.FormerNames.Select(name => $"new({Literals.Text(name.Former)}, {Literals.Text(name.Now)})"));
        if (model.Decoding is { } decoding) Item($"Generation = {Generation(model, decoding)},");
        if (lowered.InputBuckets is { } buckets) Item($"Buckets = {Buckets(buckets)},");
        if (model.RecomputationMemory(cancellation) is var (bytes, bytesWithout)) Item($"Recomputation = new({Literals.Int(bytes)}, {Literals.Int(bytesWithout)}),");
        List("Layers", lowered.Layers.Select(Layer));
        List("Programs", model.Targets.Select(target => Program(target, model)));
        foreach (var reference in model.DescribesGraph ? GraphWriter.References(model) : []) Item(reference);
        writer.Line("};");

        void Item(string text) => writer.Line("    " + text);
        void List(string name, IEnumerable<string> items)
        {
            Item($"{name} =");
            Item("[");
            foreach (var item in items) Item($"    {item},");
            Item("],");
        }
    }

    private static string Column(Column column, LoweredModel lowered)
    {
        var node = column.Node;
        var compared = lowered.ComparedElements.Where(elements => elements.Column == node.Column).Select(elements =>
            $"new({Literals.Text(elements.Loss)}{(elements.Period == 0 ? "" : $", {elements.Start}, {elements.Count}, {elements.Period}")})").ToArray();
        var type = node.Type == ElementType.Int ? "Int" : "Float";
        string[] more =
        [
            .. node.Ignored is { } ignored ? [$"Ignored = {Literals.Int(ignored)}"] : Array.Empty<string>(),
            .. node.Padding is { } padding ? [$"Padding = new({padding.Column}, {padding.Token})"] : Array.Empty<string>(),
            .. lowered.WeightColumn == node.Column ? ["IsWeight = true"] : lowered.WeightColumns.Contains(node.Column) ? ["HasWeights = true"] : Array.Empty<string>(),
            .. lowered.ClassWeights.TryGetValue(node.Column, out var weights) ? [$"ClassWeights = [{string.Join(", ", weights.Select(Literals.Float))}]"] : Array.Empty<string>(),
            .. compared.Length > 0 ? [$"Compared = [{string.Join(", ", compared)}]"] : Array.Empty<string>(),
        ];
        var description = $"new({Literals.Text(node.Name)}, {Compiled}.ColumnType.{type}, {SampleShape(node.Shape)}, {Literals.Int(node.Bound)})";
        return more.Length == 0 ? description : $"{description} {{ {string.Join(", ", more)} }}";
    }

    private static string Output(Root output, CompiledModel model)
    {
        string[] more =
        [
            .. output.Kind == RootKind.Named ? ["IsInside = true"] : Array.Empty<string>(),
            .. model.DropsOutput(output) ? ["IsDropped = true"] : Array.Empty<string>(),
            .. model.HasOutputActivation(output) ? ["HasOutputActivation = true"] : Array.Empty<string>(),
        ];
        var description = $"new({Literals.Text(output.Name)}, {SampleShape(output.Value.Shape)})";
        return more.Length == 0 ? description : $"{description} {{ {string.Join(", ", more)} }}";
    }

    private static string Loss(LossGraph loss) => $"new({Literals.Text(loss.Name)}, {Literals.Text(loss.Part)})";

    /// <summary>How a device finds its program: by its base class and its width.</summary>
    private static string Program(Target target, CompiledModel model) =>
        $"new(typeof(global::{target.ProgramType}), {Literals.Int(target.ProgramWidth)}, static () => new {model.Names.FullProgram(target)}())";

    private static string Parameter(ParameterSlot slot, LoweredModel lowered)
    {
        var parameter = slot.Parameter;
        string[] more =
        [
            .. lowered.Pictures.TryGetValue(parameter.Name, out var shape) ? [$"Picture = [{string.Join(", ", shape)}]"] : Array.Empty<string>(),
            .. parameter.SparseIds is { } column ? [$"SparseIds = {Literals.Int(column)}"] : Array.Empty<string>(),
        ];
        var initializer = $"new({Compiled}.InitializerDistribution.{parameter.Initializer.Distribution}, {Literals.Double(parameter.Initializer.Center)}, {Literals.Double(parameter.Initializer.Scale)})";
        var decay = double.IsNaN(parameter.WeightDecay) ? "" : $", WeightDecay: {Literals.Double(parameter.WeightDecay)}";
        return $"new({Literals.Text(parameter.Name)}, {SampleShape(parameter.Shape)}, {slot.Offset}, {Layout(slot)}, "
            + $"{initializer}, Trainable: {(parameter.Frozen ? "false" : "true")}{decay}){(more.Length == 0 ? "" : $" {{ {string.Join(", ", more)} }}")}";
    }

    private static string Constant(ParameterSlot slot) =>
        $"new({SampleShape(slot.Parameter.Shape)}, {slot.Offset}, {Layout(slot)}, [{string.Join(", ", ((ConstantNode)slot.Parameter).Values.Select(value => Literals.Float(value)))}])";

    private static string Layout(ParameterSlot slot) =>
        $"new({slot.Length}, [{string.Join(", ", slot.Layout.Terms(slot.Parameter.Shape).Select(term => $"new({term.Axis}, {term.Divisor}, {term.Modulus}, {term.Stride})"))}])";

    private static string Generation(CompiledModel model, DecodingGraphs decoding)
    {
        var caches = decoding.Layout.Slots.Select(slot => $"new({slot.Offset}, {slot.Outer}, {slot.Inner})");
        var tokens = model.Lowered.Inputs[model.Lowered.Inputs.Count - 1].Node;
        string[] more =
        [
            .. decoding.HasStatesOnly ? ["HasStatesOnly = true"] : Array.Empty<string>(),
            .. decoding.Encoder is null
                ? Array.Empty<string>()
                : [$"Encoded = [{string.Join(", ", decoding.Layout.Encoded.Select(value => $"new({value.Offset}, {value.Node.Shape.Length})"))}]"],
        ];
        return $"new({Literals.Int(tokens.Shape[1].Value)}, {Literals.Int(tokens.Bound)}, {Literals.Int(decoding.Layout.Floats)}, [{string.Join(", ", caches)}], [{string.Join(", ", decoding.Counts)}])"
            + (more.Length == 0 ? "" : $" {{ {string.Join(", ", more)} }}");
    }

    private static string Buckets(InputBuckets buckets) =>
        $"new({Literals.Int(buckets.Length)}, [{string.Join(", ", buckets.Lengths.Select(length => Literals.Int(length)))}], "
        + $"[{string.Join(", ", buckets.Paddings.OrderBy(pair => pair.Key).Select(pair => $"new({pair.Key}, {pair.Value})"))}])";

    private static string Layer(LayerRow row) =>
        $"new({Literals.Text(string.Concat(Enumerable.Repeat("  ", row.Depth)) + row.Name)}, {Literals.Text(row.Kind)}, {Literals.Text(row.Output)}, "
        + $"{Literals.Int(row.Parameters)}, {Literals.Int(row.Flops)}, {Literals.Int(row.Bytes)})";

    private static string SampleShape(Shape shape) =>
        $"[{string.Join(", ", shape.Extents.Where(extent => !extent.IsBatch).Select(extent => Literals.Int(extent.Value)))}]";
}
