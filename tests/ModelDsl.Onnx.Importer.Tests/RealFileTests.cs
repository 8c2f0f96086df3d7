using System.Reflection;
using ModelDsl.Onnx.Importer.Reading;
using ModelDsl.Onnx.Schema;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Files that other software has written, with all their weights: the same numbers as in ONNX Runtime.</summary>
public sealed class RealFileTests
{
    [Fact]
    public void ResNet_18_computes_what_ONNX_Runtime_computes()
    {
        var path = PathOf("ResNet18");
        var file = OnnxFile.Read(path);
        var import = OnnxImport.Of(file, new ImportOptions { Path = path, Model = "ResNet18" });
        using var model = new ImportedProgram(import.Source).Create("ResNet18", import.Weights);
        using var runtime = new OnnxRuntime(File.ReadAllBytes(path));
        for (var sample = 0; sample < 2; sample++)
        {
            var pictures = Numbers(3 * 224 * 224, seed: sample, 255);
            long[] shape = [1, 3, 224, 224];
            var expected = runtime.Run(new Dictionary<string, float[]> { ["Input247"] = pictures }, new Dictionary<string, long[]> { ["Input247"] = shape });
            Close.Assert(expected[0], ImportedProgram.Predict(model, [Layout.ToModel(pictures, shape, import.Model.Inputs[0].Value)], 1)[0]);
        }
    }

    [Fact]
    public void A_sentence_transformer_computes_what_ONNX_Runtime_computes()
    {
        const int Length = 16;
        var bytes = MiniLm();
        var shapes = new[] { "input_ids", "attention_mask", "token_type_ids" }.ToDictionary(name => name, _ => new long[] { 2, Length });
        var import = OnnxImport.Of(ModelProto.Parser.ParseFrom(bytes), new ImportOptions { Path = "MiniLM.onnx", Model = "MiniLm", InputShapes = shapes });
        using var model = new ImportedProgram(import.Source).Create("MiniLm", import.Weights);
        var random = new Random(3);
        var inputs = new Dictionary<string, float[]>
        {
            ["input_ids"] = [.. Enumerable.Range(0, 2 * Length).Select(_ => (float)random.Next(1000, 30_000))],
            ["attention_mask"] = [.. Enumerable.Range(0, 2 * Length).Select(i => i % Length < 10 ? 1f : 0)],
            ["token_type_ids"] = [.. Enumerable.Range(0, 2 * Length).Select(i => i % Length > 5 ? 1f : 0)],
        };
        using var runtime = new OnnxRuntime(bytes);
        var expected = runtime.Run(inputs, shapes)[0];
        var actual = ImportedProgram.Predict(model, [.. import.Model.Inputs.Select(input => inputs[input.Source])], 2)[0];
        Close.Assert(expected, actual);
        Assert.Contains(".LayerNorm(", import.Source, StringComparison.Ordinal);
        Assert.Contains(".Gelu()", import.Source, StringComparison.Ordinal);
        Assert.Contains(".Embedding(", import.Source, StringComparison.Ordinal);
        Assert.DoesNotContain("Erf", import.Source, StringComparison.Ordinal);
    }

    /// <summary>The file within the resources of the assembly.</summary>
    private static byte[] MiniLm()
    {
        var assembly = Assembly.LoadFrom(PathOf("MiniLM"));
        foreach (var name in assembly.GetManifestResourceNames())
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            if (stream.Length < 10_000_000) continue;
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }

        throw new InvalidOperationException("The package has no large resource.");
    }

    private static string PathOf(string name) => typeof(RealFileTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == name).Value!;

    private static float[] Numbers(int count, int seed, float range)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = random.NextSingle() * range;
        return values;
    }
}
