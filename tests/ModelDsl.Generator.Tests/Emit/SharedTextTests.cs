using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>Text that is the same but for register widths, sizes or epilogues is written once.</summary>
public partial class SharedTextTests
{
    private const string Net = "[Model, Input(784), Dense(256), Relu, Dense(128), Relu, Dense(10), SoftmaxCrossEntropy] public sealed partial class Net;";

    private const string CharModel =
        "[Model, TokenInput(32, 96), Embedding(24), Flatten, Dense(512), Gelu, Dense(256), Gelu, Dense(96), SoftmaxCrossEntropy] public sealed partial class CharModel;";

    private const string ResNet18 = """
        [Model, Input(32, 32, 3)]
        [Conv2D(64, 3, PaddingSize = 1, UseBias = false), BatchNorm, Relu]
        [Repeat<BasicBlock>(2, 64)]
        [Apply<BasicBlock>(128, 2), Apply<BasicBlock>(128)]
        [Apply<BasicBlock>(256, 2), Apply<BasicBlock>(256)]
        [Apply<BasicBlock>(512, 2), Apply<BasicBlock>(512)]
        [GlobalAveragePool, Dense(10), SoftmaxCrossEntropy]
        public sealed partial class ResNet18;

        [Block]
        internal sealed partial class BasicBlock(int width, int stride = 1)
        {
            private Tensor Forward(Tensor x)
            {
                var y = x
                    .Conv2D(width, 3, stride, paddingSize: 1, useBias: false).BatchNorm().Relu()
                    .Conv2D(width, 3, paddingSize: 1, useBias: false).BatchNorm();
                var shortcut = y.SameShape(x) ? x : x.Conv2D(width, 1, stride, useBias: false).BatchNorm();
                return (y + shortcut).Relu();
            }
        }
        """;

    [Fact]
    public void A_kernel_that_is_the_same_for_every_width_is_written_once()
    {
        var files = Generation.Of(Net).Files;
        Assert.Single(files, file => file.Value.Contains("void LogSumExpAndLabelLogit(", StringComparison.Ordinal));
        Assert.Single(files, file => file.Value.Contains("override void Forward(", StringComparison.Ordinal));
    }

    [Fact]
    public void Tiles_of_layers_of_different_sizes_are_one_method()
    {
        var text = Generation.Of(Net).Files["Net.Avx512.g.cs"];
        Assert.Contains("<remarks>For Relu1, Relu2", text, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(text, @"void Tile12x32<TSizes, TEpilogue>\("));
        Assert.Contains("Tile12x32<Relu1Sizes, Relu1Epilogue>(", text, StringComparison.Ordinal);
        Assert.Contains("Tile12x32<Relu2Sizes, Relu1Epilogue>(", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_in_all_lanes_is_in_one_register()
    {
        var text = Generation.Of(Net).Files["Net.Avx2.g.cs"];
        var broadcasts = Regex.Matches(text, @"^\s*var \w+ = (Vector256\.Create\(rows\[[^\]]*\]\));\n(?=\s*var \w+ = (.*);)", RegexOptions.Multiline);
        Assert.DoesNotContain(broadcasts, broadcast => broadcast.Groups[1].Value == broadcast.Groups[2].Value);
        Assert.Contains("var row0 = Vector256.Create(rows[0]);", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_of_equal_sizes_share_their_types()
    {
        var text = Generation.Of("[Model, Input(64), Dense(64), Relu, Dense(64), Sigmoid, Dense(2), SoftmaxCrossEntropy] public sealed partial class Net;").Files["Net.Steps.g.cs"];
        Assert.Contains("The tiles of Relu1, ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_code_is_not_optimized_kernels_make_no_calls_for_vectors_and_sizes()
    {
        var compilation = TestCompilation.Create(Net);
        compilation = compilation.WithOptions(compilation.Options.WithOptimizationLevel(OptimizationLevel.Debug));
        Generation.NewDriver().RunGeneratorsAndUpdateCompilation(compilation, out var after, out _);
        Assert.Empty(after.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error));
        var text = string.Concat(after.SyntaxTrees.Except(compilation.SyntaxTrees).Select(tree => tree.ToString()));
        Assert.Contains("Relu1Tile12x32(", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(CallsOfTypeParameters(), text);
    }

    [Theory]
    [InlineData(CharModel, 245_000)]
    [InlineData(ResNet18, 1_500_000)]
    public void The_text_of_a_model_stays_short(string model, int bytes) =>
        Assert.InRange(Generation.Of(model).Files.Values.Sum(Encoding.UTF8.GetByteCount), 1, bytes);

    [GeneratedRegex(@"\b(TVector|TSizes|TEpilogue)\.")]
    private static partial Regex CallsOfTypeParameters();
}
