using System.Reflection;
using System.Runtime.CompilerServices;
using ModelDsl.Compiled;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Models that are exported and imported again predict the same.</summary>
public sealed class RoundTripTests
{
    [StandardFact]
    public void Exported_models_are_imported_again() => Return(21);

    [StandardFact]
    public void Models_exported_with_the_operators_of_opset_23_are_imported_again() => Return(23);

    private static void Return(int opset)
    {
        var own = new ImportedProgram([File.ReadAllText(Path.Combine(Folder(), "..", "ModelDsl.Ilgpu.Tests", "Models.cs"))]);
        var imports = new List<(Model Model, OnnxImport Import)>();
        var problems = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in own.Models.Where(type => !type.Name.StartsWith("Large", StringComparison.Ordinal)))
        {
            var model = (Model)Activator.CreateInstance(type, 1, null)!;
            var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
            try
            {
                model.ExportOnnx(path, new OnnxExportOptions { ApplyOutputActivation = false, NamedOutputs = true, Opset = opset });
                imports.Add((model, OnnxImport.Of(new ImportOptions { Path = path, Model = "Imported" + type.Name })));
            }
            catch (ImportException exception)
            {
                problems.Add(type.Name, exception.Message);
            }
            finally
            {
                File.Delete(path);
            }
        }

        var program = new ImportedProgram([.. imports.Select(pair => pair.Import.Source)]);
        foreach (var (model, import) in imports)
        {
            var name = model.GetType().Name;
            try
            {
                using var imported = program.Create("Imported" + name, import.Weights);
                Compare(model, imported, import);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                problems.Add(name, (exception.InnerException ?? exception).Message.ReplaceLineEndings(" "));
            }
        }

        // Models whose files have what an import does not support, and why.
        var expected = Path.Combine(Folder(), "roundtrip.txt");
        var text = string.Concat(problems.Select(problem => $"{problem.Key}: {problem.Value}\n"));
        if (Environment.GetEnvironmentVariable("UPDATE_TABLES") == "1") File.WriteAllText(expected, text);
        Assert.Equal(File.ReadAllText(expected), text);
    }

    [Fact]
    public void A_model_with_rotary_attention_is_imported_again_from_the_operators_of_opset_23()
    {
        const string Source = """
            using ModelDsl;

            [Model, Input(5, 8), SelfAttention(2, Rope = true), RotaryEmbedding(Base = 500), Flatten, Dense(3), SoftmaxCrossEntropy]
            public sealed partial class Rotary;
            """;
        using var model = new ImportedProgram(Source).Create("Rotary");
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        try
        {
            model.ExportOnnx(path, new OnnxExportOptions { ApplyOutputActivation = false, Opset = 23 });
            var import = OnnxImport.Of(new ImportOptions { Path = path, Model = "Imported" });

            // Queries and keys are rotated together.
            Assert.Contains(".RotaryEmbedding()", import.Source, StringComparison.Ordinal);
            Assert.Contains(".RotaryEmbedding(500)", import.Source, StringComparison.Ordinal);
            Assert.DoesNotContain("Frozen", import.Source, StringComparison.Ordinal);
            using var imported = new ImportedProgram(import.Source).Create("Imported", import.Weights);
            Compare(model, imported, import);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Compare(Model model, Model imported, OnnxImport import)
    {
        const int Count = 3;
        var random = new Random(4);
        var inputs = model.Description.Inputs.Select(column => Enumerable.Range(0, Count * column.Length).Select(_ => column.Type == ColumnType.Int ? random.Next(column.Bound) : random.NextSingle() - 0.5f).ToArray()).ToArray();
        var names = model.Description.Inputs.Select(column => column.Name).ToList();
        var expected = ImportedProgram.Predict(model, inputs, Count);
        var actual = ImportedProgram.Predict(imported, [.. import.Model.Inputs.Select(input => inputs[names.IndexOf(input.Source)])], Count);
        var outputs = model.Description.Outputs.Select(output => output.Name).ToList();
        for (var i = 0; i < actual.Length; i++) Close.Assert(expected[outputs.IndexOf(import.Model.Outputs[i].Source)], actual[i]);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
