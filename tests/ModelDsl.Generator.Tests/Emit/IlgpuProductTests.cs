using System.Text.RegularExpressions;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>Which tiles a product has on a GPU, and how it loads its operands: functions of its shape.</summary>
public partial class IlgpuProductTests
{
    /// <summary>What the compiler looks for in a reference to ModelDsl.Ilgpu.</summary>
    private const string Marker = "namespace ModelDsl.Ilgpu.Compiled { public abstract class IlgpuProgram; }";

    [Fact]
    public void Small_products_have_small_tiles_whatever_the_batch() =>
        Assert.DoesNotContain("Wide(", Text("Input(20), Dense(30), Relu, Dense(2)"), StringComparison.Ordinal);

    [Fact]
    public void Where_the_batch_decides_the_launch_chooses()
    {
        // Eight blocks of columns: sixteen of rows make 128.
        var text = Text("Input(512), Dense(1024), Relu, Dense(2)");
        Assert.Matches(@"if \(n < 2048\)\s*\{[^}]*\brunRelu1\(", text);
        Assert.Matches(@"if \(n >= 2048\)\s*\{[^}]*\brunRelu1Wide\(", text);
    }

    [Fact]
    public void A_long_sum_with_few_columns_is_in_partial_sums_whatever_the_batch()
    {
        var text = Text("Input(4096), Dense(10), Relu, Dense(2)");
        Assert.Contains("the sum split into 4.", text, StringComparison.Ordinal);
        Assert.Matches(@"step\.Batched\(\d+, 40\)", text);
        Assert.Matches(@"runRelu1\([^;]*;\s*runRelu1Sum \?\?=", text);
    }

    [Theory]
    [InlineData(4096, 512)]
    [InlineData(1500, 10)]
    public void Sums_with_many_columns_or_few_terms_are_whole(int inputs, int units) =>
        Assert.DoesNotContain("void Relu1Sum(", Text($"Input({inputs}), Dense({units}), Relu, Dense(2)"), StringComparison.Ordinal);

    [Fact]
    public void A_gradient_of_large_weights_is_wide_for_every_batch()
    {
        var text = Text("Input(2048), Dense(1024), Relu, Dense(2)");
        Assert.Matches(@"void Dense1WeightGradientWide(And\w+)?\(", text);
        Assert.DoesNotMatch(@"void Dense1WeightGradient(And\w+)?\(", text);
    }

    [Fact]
    public void What_is_drawn_behind_a_product_is_not_written_out_64_times() =>
        Assert.DoesNotContain("Dropout1Wide(", Text("Input(512), Dense(1024), Dropout(0.5), Dense(2)"), StringComparison.Ordinal);

    [Fact]
    public void Tensor_cores_are_asked_for_and_chosen_at_the_launch()
    {
        var text = Text("Input(512), Dense(1024), Relu, Dense(2)", "(Precision = ProductPrecision.Tf32)");
        Assert.Matches(@"if \(!step\.HasTensorCores && n < 2048\)\s*\{[^}]*\brunRelu1\(", text);
        Assert.Matches(@"if \(!step\.HasTensorCores && n >= 2048\)\s*\{[^}]*\brunRelu1Wide\(", text);
        Assert.Matches(@"if \(step\.HasTensorCores && n < 2048\)\s*\{[^}]*\brunRelu1Tf32\(", text);
        Assert.Matches(@"if \(step\.HasTensorCores && n >= 2048\)\s*\{[^}]*\brunRelu1Tf32Wide\(", text);
        Assert.DoesNotContain("Dense2Tf32", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_being_asked_for_they_are_not_used() =>
        Assert.All(["", "(Precision = ProductPrecision.Float32)"], precision => Assert.DoesNotContain("CudaAsm", Text("Input(512), Dense(1024), Relu, Dense(2)", precision), StringComparison.Ordinal));

    [Fact]
    public void A_precision_changes_no_other_file()
    {
        var (exact, rounded) = (Files("Input(512), Dense(1024), Relu, Dense(2)", ""), Files("Input(512), Dense(1024), Relu, Dense(2)", "(Precision = ProductPrecision.Tf32)"));
        Assert.All(exact.Where(file => file.Key != "Company.Net.Ilgpu.g.cs"), file => Assert.Equal(file.Value, rounded[file.Key]));
    }

    /// <summary>Inputs, weights, biases and results.</summary>
    [Theory]
    [InlineData(512, 64, "inputQuads, dense1WeightQuads, dense1BiasQuads, relu1Quads")]
    [InlineData(510, 64, "dense1WeightQuads, dense1BiasQuads, relu1Quads")]
    [InlineData(512, 63, "inputQuads")]
    [InlineData(510, 63, "")]
    public void Four_elements_are_loaded_and_stored_at_once_where_they_always_lie_side_by_side(int inputs, int units, string views) =>
        Assert.Equal(views, string.Join(", ", Casts().Matches(Kernel(Text($"Input({inputs}), Dense({units}), Relu, Dense(2)"), "Relu1")).Select(match => match.Groups[1].Value)));

    private static string Text(string layers, string arguments = "") => Files(layers, arguments)["Company.Net.Ilgpu.g.cs"];

    private static IReadOnlyDictionary<string, string> Files(string layers, string arguments) =>
        Generation.Of($"namespace Company;\n[Model{arguments}, {layers}, MeanSquaredError] public partial class Net;", Marker).Files;

    private static string Kernel(string text, string name)
    {
        var start = text.IndexOf($"static void {name}(", StringComparison.Ordinal);
        return text[start..text.IndexOf("private static", start + 10, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"var (\w+) = \w+\.Cast<Quad>")]
    private static partial Regex Casts();
}
