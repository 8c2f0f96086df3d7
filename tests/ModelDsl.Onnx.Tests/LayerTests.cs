using ModelDsl.Compiled;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Onnx.Tests;

/// <summary>Tiny models that together have every layer: the predictions of ONNX Runtime are those of <c>Predict</c>.</summary>
public sealed class LayerTests
{
    private const float Tolerance = 1e-4f;

    private static readonly Type[] Models =
        [.. typeof(LayerTests).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Model)) && type.Namespace is "ModelDsl.Ilgpu.Tests" or "ModelDsl.Onnx.Tests" && type.Name is not ("Bare" or "Copied")).OrderBy(type => type.Name)];

    public static TheoryData<string> Names => [.. Models.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Predictions_are_the_same(string name)
    {
        using var model = (Model)Activator.CreateInstance(Models.Single(type => type.Name == name), 1, null)!;
        Randomize(model);
        foreach (var (opset, isActivated) in new[] { (17, true), (21, false), (23, true) })
        {
            using var session = new OnnxSession(Exported(model, new OnnxExportOptions { Opset = opset, ApplyOutputActivation = isActivated, NamedOutputs = true }));
            foreach (var count in new[] { 1, 5 })
                Compare(model, session, count, isActivated);
        }
    }

    /// <summary>Compares the predictions of a model with those of its file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="session">Its file.</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="isActivated">Whether the outputs are those after the output activation.</param>
    internal static void Compare(Model model, OnnxSession session, int count, bool isActivated)
    {
        var batch = Samples.Of(model.Description, count, seed: count);
        var columns = model.Description.Inputs.Select((column, number) => (column, number)).ToDictionary(
            pair => pair.column.Name, pair => pair.column.Type == ColumnType.Int ? Array.ConvertAll(batch.Ints(pair.number).ToArray(), value => (float)value) : batch.Floats(pair.number).ToArray());
        var results = session.Run(columns);
        using var inference = model.Infer(batch, InferParts.OutputActivation);
        for (var output = 0; output < model.Description.Outputs.Length; output++)
        {
            var expected = isActivated ? inference.Activated(output) : inference.Outputs(output);
            var actual = results[model.Description.Outputs[output].Name];
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < actual.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance * Math.Max(1, Math.Abs(expected[i])), $"element {i} of {actual.Length} is {actual[i]:R}, not {expected[i]:R}");
        }
    }

    private static void Randomize(Model model)
    {
        var random = new Random(7);
        foreach (var tensor in model.Parameters.Concat<ParameterTensor>(model.States))
        {
            var isPositive = tensor is State;
            var values = tensor.ToArray();
            for (var i = 0; i < values.Length; i++)
                values[i] = isPositive ? 0.5f + random.NextSingle() : values[i] + ((random.NextSingle() - 0.5f) * 0.5f);
            tensor.CopyFrom(values);
        }
    }

    private static byte[] Exported(Model model, OnnxExportOptions options) => ExportedModel.Bytes(OnnxModelWriter.Write(model.Description.Name, model.Description.Graph!(), new ModelValues(model), options));
}
