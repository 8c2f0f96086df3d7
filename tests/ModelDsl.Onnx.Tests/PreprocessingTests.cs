using ModelDsl.Ilgpu.Tests;

namespace ModelDsl.Onnx.Tests;

/// <summary>What is computed of inputs before the network reads them.</summary>
public sealed class PreprocessingTests : FileTests
{
    [Fact]
    public void Inputs_are_scaled_and_normalized_before_the_network_reads_them()
    {
        using var model = new Pictures(seed: 4);
        float[] mean = [0.4f, 0.5f, 0.6f], deviation = [0.2f, 0.25f, 0.5f];
        model.ExportOnnx(File, new OnnxExportOptions { Preprocessing = new() { Scale = 1 / 255f, Mean = mean, StandardDeviation = deviation } });
        using var session = new OnnxSession(File);
        float[] bytes = [.. Enumerable.Range(0, 2 * 8 * 8 * 3).Select(i => (float)(i * 37 % 256))];
        var expected = model.Predict([.. bytes.Select((value, i) => ((value / 255f) - mean[i % 3]) / deviation[i % 3])]);
        var actual = session.Run(new Dictionary<string, float[]> { ["input"] = bytes })["output"];
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Theory]
    [InlineData(0.5f, null, null, new[] { "Mul" })]
    [InlineData(1f, 2f, null, new[] { "Add" })]
    [InlineData(1f, null, 2f, new[] { "Mul" })]
    [InlineData(1f, null, null, new string[0])]
    public void Only_what_changes_the_input_is_written(float scale, float? mean, float? deviation, string[] operators)
    {
        using var model = new Classifier();
        var preprocessing = new OnnxPreprocessing { Input = "input", Scale = scale, Mean = mean is { } one ? [one] : [], StandardDeviation = deviation is { } two ? [two] : [] };
        var file = OnnxModelWriter.Write("Classifier", model.Description.Graph!(), new ModelValues(model), new OnnxExportOptions { Preprocessing = preprocessing });
        Assert.Equal(operators, file.Graph.Node.Select(node => node.OpType).TakeWhile(type => type != "Gemm"));
    }

    [Fact]
    public void Preprocessing_that_does_not_fit_the_model_is_an_error()
    {
        using var model = new Classifier();
        using var attentive = new Attentive();
        Fails(model, "Mean has 2 numbers, but the last axis of the input has 5 elements", new() { Mean = [1, 2] });
        Fails(model, "StandardDeviation has a number that is zero", new() { StandardDeviation = [0] });
        Fails(model, "Mean has a number that is infinite or NaN", new() { Mean = [float.NaN] });
        Fails(model, "Scale is NaN", new() { Scale = float.NaN });
        Fails(model, "no input of floats 'pixels'; its inputs of floats are: 'input'", new() { Input = "pixels" });
        Fails(attentive, "it is for one input of floats, but the model has", new());

        void Fails(Model model, string message, OnnxPreprocessing preprocessing) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => model.ExportOnnx(File, new OnnxExportOptions { Preprocessing = preprocessing })).Message, StringComparison.Ordinal);
    }
}
