using System.Reflection;
using ModelDsl.Onnx.Importer.Reading;
using ModelDsl.Onnx.Schema;
using ModelDsl.Package.Tests;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Files that other software has written, with all their weights: the same numbers as in ONNX Runtime.</summary>
public sealed class RealFileTests
{
    [StandardFact]
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

    [StandardFact]
    public void The_sample_of_sentence_search_computes_the_embeddings_of_ONNX_Runtime()
    {
        const int Length = 128;
        const int Width = 384;
        string[] texts =
        [
            "A cat sits on the mat.", "There is a feline on the rug.", "How much does a ticket to Berlin cost?", "Überraschend: naïve façade, 東京!", "",
            string.Join(' ', Enumerable.Repeat("a long text with more tokens than the model reads", 40)),
        ];
        string[] names = ["input_ids", "attention_mask", "token_type_ids"];
        var bytes = Resource("model.onnx");
        var import = OnnxImport.Of(ModelProto.Parser.ParseFrom(bytes), new ImportOptions
        {
            Path = "model.onnx",
            Model = "MiniLM",
            Namespace = "Embeddings",
            Outputs = ["last_hidden_state"],
            InputShapes = names.ToDictionary(name => name, _ => new long[] { 1, Length }),
        });
        var sample = File.ReadAllText(Path.Combine(FreshProject.RepositoryRoot()!, "samples", "Embeddings", "SentenceEncoder.cs"));
        using var model = new ImportedProgram(import.Source, sample).Create("Embeddings.SentenceEncoder", import.Weights);

        var columns = names.ToDictionary(name => name, _ => new float[texts.Length * Length]);
        for (var text = 0; text < texts.Length; text++)
        {
            var ids = Tokens(texts[text], Length);
            ids.CopyTo(columns["input_ids"], text * Length);
            Array.Fill(columns["attention_mask"], 1, text * Length, ids.Length);
        }

        using var runtime = new OnnxRuntime(bytes);
        var hidden = runtime.Run(columns, names.ToDictionary(name => name, _ => new long[] { texts.Length, Length }))[0];
        var actual = ImportedProgram.Predict(model, [.. names.Select(name => columns[name])], texts.Length)[0];
        for (var text = 0; text < texts.Length; text++)
        {
            var expected = Mean(hidden.AsSpan(text * Length * Width, Length * Width), columns["attention_mask"].AsSpan(text * Length, Length));
            var vector = actual.AsSpan(text * Width, Width).ToArray();
            Assert.Equal(1, Dot(vector, vector), 1e-5);
            Assert.InRange(Dot(expected, vector) / Math.Sqrt(Dot(expected, expected)), 0.99999, 1.00001);
        }

        // The texts with the same meaning are the most similar ones.
        Assert.InRange(Dot(actual[..Width], actual[Width..(2 * Width)]) - Dot(actual[..Width], actual[(2 * Width)..(3 * Width)]), 0.3, 1);
    }

    private static float[] Tokens(string text, int length)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.txt");
        try
        {
            File.WriteAllBytes(path, Resource("vocab.txt"));
            var tokenizer = WordPieceTokenizer.Load(path);
            return [tokenizer.ClassificationId!.Value, .. tokenizer.Encode(text).Take(length - 2).Select(id => (float)id), tokenizer.SeparatorId!.Value];
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Returns the mean of the rows of tokens, without those of padding.</summary>
    private static float[] Mean(ReadOnlySpan<float> rows, ReadOnlySpan<float> mask)
    {
        var mean = new float[rows.Length / mask.Length];
        for (var i = 0; i < rows.Length; i++) mean[i % mean.Length] += rows[i] * mask[i / mean.Length];
        return mean;
    }

    private static double Dot(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum();

    private static byte[] MiniLm() => Resource("model.onnx");

    /// <summary>A file within the resources of the assembly.</summary>
    private static byte[] Resource(string name)
    {
        var assembly = Assembly.LoadFrom(PathOf("MiniLM"));
        using var stream = assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(full => full.EndsWith("." + name, StringComparison.Ordinal)))!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
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
