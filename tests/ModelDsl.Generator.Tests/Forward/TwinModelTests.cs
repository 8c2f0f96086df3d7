using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>A list of layers and the same network as a Forward are the same model.</summary>
public class TwinModelTests
{
    [Theory]
    [InlineData("Dense(8), Relu, Dense(3)", "=> x.Dense(8).Relu().Dense(3);")]
    [InlineData(
        "Dense(8, UseBias = false, KernelInitializer = Init.HeNormal, Name = \"hidden\"), LayerNorm(Epsilon = 1e-3), Dropout(0.5), Gelu(Approximate = true), Dense(3)",
        "{ x = x.Dense(8, useBias: false, name: \"hidden\", kernelInitializer: Init.HeNormal).LayerNorm(1e-3); return x.Dropout(0.5).Gelu(true).Dense(3); }")]
    [InlineData("Reshape(2, 2), Flatten, Activation(nameof(Swish)), Dense(3)", "=> x.Reshape(2, 2).Flatten().Activation(nameof(Swish)).Dense(3);")]
    [InlineData("Dense(4), Apply<Hidden>, Repeat<Hidden>(2), Dense(3)", "{ x = x.Dense(4).Apply(new Hidden()); for (int i = 0; i < 2; i++) x = x.Apply(new Hidden()); return x.Dense(3); }")]
    public void Files_are_equal(string list, string forward) => Assert.Equal(Files(List(list)), Files(Forward(forward)));

    [Theory]
    [InlineData("Residual<Hidden>, Dense(3)", "=> (x + x.Apply(new Hidden())).Dense(3);")]
    [InlineData("Parallel<Hidden, Hidden>(Merge.Concat), Dense(3)", "=> Tensor.Concat(x.Apply(new Hidden()), x.Apply(new Hidden())).Dense(3);")]
    public void Kernels_are_equal_but_for_names(string list, string forward)
    {
        var (a, b) = (KernelText.Of(List(list)), KernelText.Of(Forward(forward)));
        Assert.NotEmpty(a);
        foreach (var file in a.Keys) Assert.Equal(a[file], b[file]);
    }

    private const string Blocks = "[Block, Dense(4), Relu] partial class Hidden; ";

    private const string Functions = "static float Swish(float x) => x / (1 + MathF.Exp(-x)); ";

    private static string List(string layers) =>
        $"{Blocks}[Model, Input(4), {layers}, MeanSquaredError] public partial class Net {{ {Functions} }}";

    private static string Forward(string body) =>
        $"{Blocks}[Model, Input(4), MeanSquaredError] public partial class Net {{ {Functions} private static Tensor Forward(Tensor x) {body} }}";

    private static SortedDictionary<string, string> Files(string source) => new(Generation.Of(source).Files.ToDictionary(file => file.Key, file => file.Value));
}
