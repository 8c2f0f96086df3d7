using ModelDsl.Compiled;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Onnx.Tests;

/// <summary>The models of the samples, except for large ones, after some steps of training: the predictions of ONNX Runtime are those of <c>Predict</c>.</summary>
public sealed class TrainedSampleTests
{
    /// <summary>Larger models take seconds for a step.</summary>
    private const long MostFloats = 3_000_000;

    private const int Steps = 3;

    private static readonly Type[] Models =
        [.. typeof(TrainedSampleTests).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Model)) && type.Namespace?.StartsWith("ModelDsl", StringComparison.Ordinal) != true && IsSmall(type)).OrderBy(type => type.FullName)];

    public static TheoryData<string> Names => [.. Models.Select(model => model.FullName!)];

    [Fact]
    public void The_models_of_most_samples_are_among_them() => Assert.True(Models.Length >= 15, string.Join(", ", Names));

    [Theory]
    [MemberData(nameof(Names))]
    public void Trained_networks_predict_the_same(string name)
    {
        using var model = Create(Models.Single(type => type.FullName == name));
        var first = model.Parameters.Where(parameter => parameter.IsTrainable).Select(parameter => parameter.ToArray()).ToList();
        var optimizer = new Adam(1e-3);
        for (var step = 0; step < Steps; step++)
            Step(model, optimizer, step);
        Assert.Contains(model.Parameters.Where(parameter => parameter.IsTrainable).Zip(first), pair => !pair.First.ToArray().AsSpan().SequenceEqual(pair.Second));

        foreach (var opset in new[] { 17, 23 })
        {
            var options = new OnnxExportOptions { Opset = opset };
            using var session = new OnnxSession(ExportedModel.Bytes(OnnxModelWriter.Write(model.Description.Name, model.Description.Graph!(), new ModelValues(model), options)));
            LayerTests.Compare(model, session, count: 2, isActivated: true);
        }
    }

    private static Model Create(Type type) => (Model)Activator.CreateInstance(type, 1, null)!;

    private static bool IsSmall(Type type)
    {
        using var model = Create(type);
        return model.Description.ParameterFloats <= MostFloats;
    }

    /// <summary>A step. Models with several losses have a method for each, and parts that are trained.</summary>
    private static void Step(Model model, Adam optimizer, int step)
    {
        var batch = Samples.Of(model.Description, 4, seed: step);
        for (var i = 0; i < batch.Columns.Count; i++)
        {
            // Numbers of pixels, which some models also read as probabilities.
            if (batch.Columns[i].Type == ColumnType.Float)
                Abs(batch.Floats(i));
        }

        if (model.Description.Losses.Length == 0)
        {
            model.Forward(batch);
            model.Backward(batch);
            optimizer.Update(model);
            return;
        }

        var type = model.GetType();
        foreach (var backward in type.GetMethods().Where(method => method.Name.StartsWith("Backward", StringComparison.Ordinal) && method.Name.Length > "Backward".Length))
            backward.Invoke(model, [batch]);
        foreach (var part in type.GetProperties().Where(property => property.PropertyType == typeof(ModelPart)))
            optimizer.Update((ModelPart)part.GetValue(model)!);
    }

    private static void Abs(Span<float> values)
    {
        foreach (ref var value in values)
            value = Math.Abs(value);
    }
}
