using Google.Protobuf;
using ModelDsl.Onnx.Importer.Importing;
using ModelDsl.Onnx.Importer.Reading;
using ModelDsl.Onnx.Importer.Values;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Tests.Conformance;

/// <summary>A case of the test data of the ONNX standard: a small file with inputs and the outputs that belong to them.</summary>
internal sealed class NodeCase
{
    // Both sides of these operators are values of a model. Further inputs of the others are weights or attributes, which are known in files.
    private static readonly HashSet<string> OfTwo =
        ["Add", "Sub", "Mul", "Div", "MatMul", "Sum", "Concat", "Attention", "Mean", "Max", "Min", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Equal", "And", "Where", "PRelu"];

    private readonly string folder;
    private readonly List<TensorProto> expected;

    private NodeCase(string folder, ModelProto model)
    {
        (this.folder, File) = (folder, model);
        expected = [.. Tensors("output")];
    }

    /// <summary>The name of the case.</summary>
    public string Name => Path.GetFileName(folder);

    /// <summary>The name as that of a class.</summary>
    public string Class => "Case_" + Name;

    /// <summary>The operator that it is for.</summary>
    public string Operator => File.Graph.Node.Count == 1 ? File.Graph.Node[0].OpType : Path.GetFileName(Path.GetDirectoryName(folder)!);

    /// <summary>The file.</summary>
    public ModelProto File { get; }

    /// <summary>The import, if there is one to run.</summary>
    public OnnxImport? Import { get; private set; }

    /// <summary>What came out: "passed", or a reason.</summary>
    public string Result { get; private set; } = "";

    /// <summary>Reads the cases in a folder.</summary>
    public static IEnumerable<NodeCase> In(string folder)
    {
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (!System.IO.File.Exists(Path.Combine(path, "model.onnx")) || !Directory.Exists(Path.Combine(path, "test_data_set_0"))) continue;
            yield return new NodeCase(path, ModelProto.Parser.ParseFrom(System.IO.File.ReadAllBytes(Path.Combine(path, "model.onnx"))));
        }
    }

    /// <summary>Imports the file: with samples along the first or second axis, or without samples; with weights as constants, or all inputs, so that all is computed during the import.</summary>
    public void Read()
    {
        var problems = new List<string>();
        if (expected.Exists(tensor => (TensorProto.Types.DataType)tensor.DataType is TensorProto.Types.DataType.Float16 or TensorProto.Types.DataType.Bfloat16 or TensorProto.Types.DataType.String or TensorProto.Types.DataType.Uint16))
        {
            Result = "unsupported: results of 16 bits, or texts";
            return;
        }

        // Further outputs of an operator, such as the positions of maxima, are rare: without them, the first is compared.
        string[] first = [File.Graph.Output[0].Name];
        foreach (var (batch, outputs) in new int?[] { null, 0, 1, -1 }.SelectMany(batch => new[] { (batch, Array.Empty<string>()), (batch, first) }))
        {
            try
            {
                var import = OnnxImport.Of(WithConstants(isAll: false), new ImportOptions { Path = "case.onnx", Model = Class, Batch = batch, Outputs = outputs });
                if (!HaveSameSamples(import)) continue;
                Import = import;
                return;
            }
            catch (ImportException exception)
            {
                problems.Add(exception.Message);
            }
        }

        try
        {
            var (_, outputs) = GraphImporter.Convert(WithConstants(isAll: true), new ImportOptions { Path = "case.onnx", Model = Class });
            if (outputs.All(output => output.Value is Constant))
            {
                var difference = outputs.Zip(expected, (output, tensor) => Close.Difference(Numbers(tensor), Elements((Constant)output.Value!))).FirstOrDefault(found => found is not null);
                Result = difference is null ? "passed" : "failed: " + difference;
                return;
            }
        }
        catch (ImportException)
        {
            // The reason why a model cannot compute it says more.
        }

        Result = "unsupported: " + (problems.Find(problem => !problem.Contains("the samples", StringComparison.Ordinal)) ?? problems[0]);
    }

    /// <summary>Whether the inputs have the same number of samples, where their first axes are taken for samples.</summary>
    private bool HaveSameSamples(OnnxImport import)
    {
        var values = Tensors("input").ToList();
        var names = File.Graph.Input.Select(input => input.Name).ToList();
        return import.Model.Inputs.Select(input => Layout.Samples(values[names.IndexOf(input.Source)].Dims, input.Value)).Distinct().Count() <= 1;
    }

    /// <summary>Runs the model and compares its outputs.</summary>
    public void Run(ImportedProgram program)
    {
        try
        {
            using var model = program.Create(Class, Import!.Weights);
            var values = Tensors("input").ToList();
            var names = File.Graph.Input.Select(input => input.Name).ToList();
            var inputs = new List<float[]>();
            var count = 1;
            foreach (var input in Import.Model.Inputs)
            {
                var tensor = values[names.IndexOf(input.Source)];
                inputs.Add(Layout.ToModel(Numbers(tensor), tensor.Dims, input.Value));
                count = Layout.Samples(tensor.Dims, input.Value);
            }

            var outputs = ImportedProgram.Predict(model, inputs, count);
            var sources = File.Graph.Output.Select(output => output.Name).ToList();
            Result = "passed";
            for (var i = 0; i < outputs.Length; i++)
            {
                var tensor = expected[sources.IndexOf(Import.Model.Outputs[i].Source)];
                var right = Layout.ToModel(Numbers(tensor), tensor.Dims, Import.Model.Outputs[i].Value);
                if (Close.Difference(right, outputs[i]) is not { } difference) continue;
                var isWithin = Close.IsWithinStandard(right, outputs[i]);
                if (!isWithin || Result == "passed") Result = $"{(isWithin ? "passed with the tolerance of the standard" : "failed")}: {difference}";
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Result = "failed: " + (exception.InnerException ?? exception).Message.ReplaceLineEndings(" ");
        }
    }

    /// <summary>Says why the model cannot be run.</summary>
    public void Fail(string reason) => Result = "failed: " + reason.ReplaceLineEndings(" ");

    private static float[] Elements(Constant constant) => [.. Enumerable.Range(0, (int)constant.Count).Select(index => constant.IsInteger ? constant.Integer(index) : constant.Float(index))];

    private static float[] Numbers(TensorProto tensor) => Elements(new TensorReader(".").Read(tensor, isTrained: false));

    private ModelProto WithConstants(bool isAll)
    {
        var model = File.Clone();
        var inputs = Tensors("input").ToList();
        for (var i = 0; i < Math.Min(inputs.Count, model.Graph.Input.Count); i++)
        {
            var name = model.Graph.Input[i].Name;
            if (!isAll && !IsConstant(name, i)) continue;
            var tensor = inputs[i].Clone();
            tensor.Name = name;
            model.Graph.Initializer.Add(tensor);
        }

        return model;
    }

    private bool IsConstant(string input, int number)
    {
        if (File.Graph.Node.FirstOrDefault(node => node.Input.Contains(input)) is not { } reader) return true;
        if (reader.OpType == "Gather") return number == (reader.Attribute.All(attribute => attribute.I == 0) && Tensors("input").First().Dims.Count == 2 ? 0 : 1);
        return number > 0 && !(OfTwo.Contains(reader.OpType) && number < (reader.OpType == "Attention" ? 4 : int.MaxValue));
    }

    private IEnumerable<TensorProto> Tensors(string kind)
    {
        for (var i = 0; ; i++)
        {
            var path = Path.Combine(folder, "test_data_set_0", $"{kind}_{i}.pb");
            if (!System.IO.File.Exists(path)) yield break;
            TensorProto? tensor = null;
            try
            {
                tensor = TensorProto.Parser.ParseFrom(System.IO.File.ReadAllBytes(path));
            }
            catch (InvalidProtocolBufferException)
            {
                // Sequences and optional values are no tensors.
            }

            // The test data has numbers of this type as whole numbers with the same bits.
            var isInput = kind == "input" && i < File.Graph.Input.Count && File.Graph.Input[i].Type?.TensorType?.ElemType == (int)TensorProto.Types.DataType.Bfloat16;
            if (isInput && tensor is { DataType: (int)TensorProto.Types.DataType.Uint16 }) tensor.DataType = (int)TensorProto.Types.DataType.Bfloat16;
            yield return tensor ?? new TensorProto();
        }
    }
}
