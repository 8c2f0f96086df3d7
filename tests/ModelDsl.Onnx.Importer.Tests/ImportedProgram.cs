using System.Reflection;
using Microsoft.CodeAnalysis;
using ModelDsl.Compiled;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Imported models, compiled together in memory as a project with their sources would be.</summary>
internal sealed class ImportedProgram
{
    private readonly Assembly assembly;

    /// <param name="sources">The sources of the models, and others.</param>
    public ImportedProgram(params string[] sources)
        : this(checkOverflow: false, sources)
    {
    }

    /// <param name="checkOverflow">Whether the project has <c>CheckForOverflowUnderflow</c>.</param>
    /// <param name="sources">The sources of the models, and others.</param>
    public ImportedProgram(bool checkOverflow, params string[] sources)
    {
        var project = TestCompilation.Create(TestCompilation.WithoutWarnings, sources).AddReferences(MetadataReference.CreateFromFile(typeof(OnnxExtensions).Assembly.Location));
        var driver = Generation.NewDriver(TestCompilation.WithoutWarnings, Widths.Portable)
            .RunGeneratorsAndUpdateCompilation(project.WithOptions(project.Options.WithOverflowChecks(checkOverflow)), out var compilation, out _);
        Assert.All(driver.GetRunResult().Results, result => Assert.Null(result.Exception));
        assembly = TestCompilation.Load(compilation);
    }

    /// <summary>The models.</summary>
    public IEnumerable<Type> Models => assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Model))).OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>Creates a model with weights, which pass through a file.</summary>
    /// <param name="name">The name of the class.</param>
    /// <param name="weights">The weights; null for none.</param>
    public Model Create(string name, IReadOnlyList<WeightTensor>? weights = null)
    {
        var type = assembly.GetType(name, throwOnError: true)!;
        var model = (Model)Activator.CreateInstance(type, 1, null)!;
        if (weights is null) return model;
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            WeightFile.Write(path, name, weights);
            model.Load(path);
        }
        finally
        {
            File.Delete(path);
        }

        return model;
    }

    /// <summary>Returns the outputs of a model for samples.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The values of each input, in the order of the model.</param>
    /// <param name="count">The number of samples.</param>
    public static float[][] Predict(Model model, IReadOnlyList<float[]> inputs, int count)
    {
        ColumnDescription[] columns = [.. model.Description.Inputs, .. model.Description.Targets];
        var batch = new Batch(columns, count) { Count = count };
        for (var i = 0; i < inputs.Count; i++)
        {
            if (columns[i].Type == ColumnType.Int) Array.ConvertAll(inputs[i], value => (int)value).CopyTo(batch.Ints(i));
            else inputs[i].CopyTo(batch.Floats(i));
        }

        using var inference = model.Infer(batch);
        var outputs = new float[model.Description.Outputs.Length][];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = inference.Outputs(i).ToArray();
        return outputs;
    }
}
