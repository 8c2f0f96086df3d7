using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Schema;
using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Importing;

/// <summary>The inputs of the model, with their sizes, their axis of samples, and what they are: pictures, ids of tokens, or other numbers.</summary>
internal static class Inputs
{
    /// <summary>Returns the inputs that the outputs need.</summary>
    public static IReadOnlyList<ImportedInput> Of(GraphProto graph, IReadOnlySet<NodeProto> needed, IReadOnlySet<string> used, ImportOptions options)
    {
        var initializers = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        List<ValueInfoProto> inputs = [.. graph.Input.Where(input => used.Contains(input.Name) && !initializers.Contains(input.Name))];
        foreach (var name in options.InputShapes.Keys.Where(name => inputs.TrueForAll(input => input.Name != name)))
            throw new ImportException(ImportException.Option, $"a shape is given for the input '{name}', but the inputs are {string.Join(", ", inputs.Select(input => $"'{input.Name}'"))}.");

        var uses = new InputUses([.. graph.Node.Where(needed.Contains)], graph);
        var batch = options.Batch ?? (inputs.Exists(HasSamples) ? 0 : -1);
        if (options.Batch is null && batch == 0 && inputs.Find(input => input.Type?.TensorType?.Shape is { Dim.Count: > 0 } && !HasSamples(input)) is { } other) throw WithoutSamples(other, inputs.Find(HasSamples)!);
        var names = new HashSet<string>([.. Keywords.All, ClassWriter.Field]);
        return [.. inputs.Select(input => One(input, batch, uses, options, Unique(Identifier.Of(input.Name), names)))];
    }

    private static ImportedInput One(ValueInfoProto input, int batch, InputUses uses, ImportOptions options, string name)
    {
        var shape = ShapeOf(input, batch, options);
        var type = (DataType)input.Type.TensorType.ElemType;
        var isInteger = type is DataType.Int64 or DataType.Int32 or DataType.Bool or DataType.Int8 or DataType.Uint8 or DataType.Int16 or DataType.Uint16;
        if (type is DataType.String or DataType.Undefined) throw new ImportException(ImportException.Unsupported, $"the input '{input.Name}' consists of {type}, but only numbers are supported.");
        if (isInteger && uses.RowsFor(input.Name) is { } rows)
        {
            int[] axes = [.. Enumerable.Range(0, shape.Length).Where(axis => axis != batch && shape[axis] != 1)];
            if (axes.Length > 1) throw new ImportException(ImportException.Unsupported, $"the input '{input.Name}' has ids of tokens along {axes.Length} axes; one is supported.");
            var length = axes.Length == 0 ? 1 : shape[axes[0]];
            return new(input.Name, $"TokenInput({length}, {rows})", new Tensor(shape, batch, axes, Code.Variable(name, rows)) { Kind = ElementKind.Token });
        }

        int[] order = [.. Enumerable.Range(0, shape.Length).Where(axis => axis != batch)];
        if (shape.Length > 2 && batch <= 0 && uses.IsPicture(input.Name, shape.Length)) order = batch == 0 ? [.. Enumerable.Range(2, shape.Length - 2), 1] : [0, .. Enumerable.Range(2, shape.Length - 2), 1];
        var value = new Tensor(shape, batch, order, Code.Variable(name)) { Kind = isInteger ? ElementKind.Integer : ElementKind.Float };
        return new(input.Name, $"Input({string.Join(", ", value.CodeSizes)})", value);
    }

    private static long[] ShapeOf(ValueInfoProto input, int batch, ImportOptions options)
    {
        if (input.Type?.TensorType is not { } type) throw new ImportException(ImportException.Unsupported, $"the input '{input.Name}' is not a tensor.");
        var axes = type.Shape?.Dim ?? [];
        var given = options.InputShapes.GetValueOrDefault(input.Name);
        if (given is not null && axes.Count > 0 && given.Length != axes.Count)
            throw new ImportException(ImportException.Option, $"the shape {Sizes.Text(given)} for the input '{input.Name}' has {given.Length} sizes, but the input has {axes.Count} axes, with that of the samples.");

        var shape = new long[given?.Length ?? axes.Count];
        if (batch >= shape.Length) throw new ImportException(ImportException.Option, $"the input '{input.Name}' has no axis {batch} for the samples. All inputs need one.");
        for (var axis = 0; axis < shape.Length; axis++)
        {
            var size = given?[axis] ?? (axes[axis].HasSize() ? axes[axis].DimValue : 0);
            shape[axis] = axis == batch ? Sizes.Batch : size;
            if (shape[axis] <= 0) throw Unknown(input, axes, axis);
        }

        if (Sizes.CountOf(shape.Where((_, axis) => axis != batch)) is not { } count || count > int.MaxValue)
            throw new ImportException(ImportException.Damaged, $"the input '{input.Name}' of shape {Sizes.Text(shape)} has too many values.");
        return shape;
    }

    private static ImportException Unknown(ValueInfoProto input, Google.Protobuf.Collections.RepeatedField<TensorShapeProto.Types.Dimension> axes, int axis)
    {
        var sizes = axes.Select((size, number) => size.HasSize() ? $"{size.DimValue}" : number == 0 ? "1" : "…");
        var name = axes[axis].DimParam.Length > 0 ? $" ('{axes[axis].DimParam}')" : "";
        return new(
            ImportException.UnknownSize,
            $"the size of axis {axis}{name} of the input '{input.Name}' is not known in the file, but a model is compiled for one size. Give it: InputShape=\"{input.Name}={string.Join(",", sizes)}\".");
    }

    private static ImportException WithoutSamples(ValueInfoProto input, ValueInfoProto sampled) => new(
        ImportException.Option,
        $"the first axis of the input '{sampled.Name}' may be that of the samples, but that of the input '{input.Name}' has the size {input.Type.TensorType.Shape.Dim[0].DimValue}. All inputs need the same axis for the samples. Say which: Batch=\"0\", Batch=\"1\", or Batch=\"none\" if the file computes one sample.");

    private static bool HasSamples(ValueInfoProto input) => input.Type?.TensorType?.Shape is { Dim.Count: > 0 } shape && (!shape.Dim[0].HasSize() || shape.Dim[0].DimValue == 1);

    private static bool HasSize(this TensorShapeProto.Types.Dimension axis) => axis.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && axis.DimValue > 0;

    private static string Unique(string name, HashSet<string> names)
    {
        var (unique, number) = (name, 1);
        while (!names.Add(unique)) unique = $"{name}_{++number}";
        return unique;
    }
}
