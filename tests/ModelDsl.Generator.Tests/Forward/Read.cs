using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>Models from source, lowered.</summary>
internal static class Read
{
    public static ModelSpec Spec(string source, string name = "Net")
    {
        var compilation = TestCompilation.Create(source);
        return ModelParser.ReadModel(compilation.GetTypeByMetadataName(name)!, compilation, default);
    }

    public static LoweredModel Model(string source, string name = "Net")
    {
        var model = Lowering.Lower(Spec(source, name));
        Assert.True(model.Problems.Count == 0, string.Join('\n', model.Problems.Select(problem => $"{problem.Id} {string.Join(" | ", problem.Arguments)}")));
        return model;
    }

    /// <summary>A model [N, shape…] → mean squared error, with the body of its Forward.</summary>
    public static LoweredModel Body(string shape, string body, string before = "") => Model(
        $"{before} [Model, Input({shape}), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) {body} }}");

    /// <summary>Its parameters, each with its shape.</summary>
    public static IEnumerable<string> Weights(this LoweredModel model) => model.Parameters.Select(parameter => $"{parameter.Name} {parameter.Shape}");

    /// <summary>The model's output for data of a fixed seed.</summary>
    public static double[] Output(this LoweredModel model, ModelData data) =>
        data.Interpreter().Run(model.Infer!, RootKind.Output);
}
