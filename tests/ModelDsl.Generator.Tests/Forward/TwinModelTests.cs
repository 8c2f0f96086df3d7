using System.Text.RegularExpressions;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>A list of layers and the same network as a Forward are the same model.</summary>
public partial class TwinModelTests
{
    [Theory]
    [InlineData("Dense(8), Relu, Dense(3)", "=> x.Dense(8).Relu().Dense(3);")]
    [InlineData(
        "Dense(8, UseBias = false, KernelInitializer = Init.HeNormal, Name = \"hidden\"), LayerNorm(Epsilon = 1e-3), Dropout(0.5), Gelu(Approximate = true), Dense(3)",
        "{ x = x.Dense(8, useBias: false, name: \"hidden\", kernelInitializer: Init.HeNormal).LayerNorm(1e-3); return x.Dropout(0.5).Gelu(true).Dense(3); }")]
    [InlineData("Reshape(2, 2), Flatten, Activation(nameof(Swish)), Dense(3)", "=> x.Reshape(2, 2).Flatten().Activation(nameof(Swish)).Dense(3);")]
    [InlineData("Dense(4), Apply<Hidden>, Repeat<Hidden>(2), Dense(3)", "{ x = x.Dense(4).Apply(new Hidden()); for (int i = 0; i < 2; i++) x = x.Apply(new Hidden()); return x.Dense(3); }")]
    public void Files_are_equal(string list, string forward) => Assert.Equal(Files(List(list), n => n), Files(Forward(forward), n => n));

    [Theory]
    [InlineData("Residual<Hidden>, Dense(3)", "=> (x + x.Apply(new Hidden())).Dense(3);")]
    [InlineData("Parallel<Hidden, Hidden>(Merge.Concat), Dense(3)", "=> Tensor.Concat(x.Apply(new Hidden()), x.Apply(new Hidden())).Dense(3);")]
    public void Kernels_are_equal_but_for_names(string list, string forward)
    {
        var (a, b) = (Kernels(List(list)), Kernels(Forward(forward)));
        Assert.NotEmpty(a);
        foreach (var file in a.Keys) Assert.Equal(a[file], b[file]);
    }

    private const string Blocks = "[Block, Dense(4), Relu] partial class Hidden; ";

    private const string Functions = "static float Swish(float x) => x / (1 + MathF.Exp(-x)); ";

    private static string List(string layers) =>
        $"{Blocks}[Model, Input(4), {layers}, MeanSquaredError] public partial class Net {{ {Functions} }}";

    private static string Forward(string body) =>
        $"{Blocks}[Model, Input(4), MeanSquaredError] public partial class Net {{ {Functions} private static Tensor Forward(Tensor x) {body} }}";

    private static SortedDictionary<string, string> Files(string source, Func<string, string> change) =>
        new(Generation.Of(source).Files.ToDictionary(file => file.Key, file => change(file.Value)));

    /// <summary>The programs with every identifier that holds a name of ours replaced by its number of appearance.</summary>
    private static SortedDictionary<string, string> Kernels(string source)
    {
        var files = Files(source, Anonymous);
        files.Remove("Net.g.cs");
        return files;
    }

    private static string Anonymous(string text)
    {
        var names = new Dictionary<string, string>();
        var code = Comment().Replace(text, "");
        return Identifier().Replace(code, match =>
        {
            if (!names.TryGetValue(match.Value, out var name)) names.Add(match.Value, name = $"n{names.Count}");
            return name;
        });
    }

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Identifier();
}
