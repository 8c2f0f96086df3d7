using System.Text.RegularExpressions;
using ModelDsl.Generator.Tests.Networks;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>How the PTX of kernels loads operands of stages after a product or of pointwise stages, and how it stores results.</summary>
public class EpilogueTests
{
    /// <summary>The models of the benchmarks.</summary>
    private static readonly string Source =
        $"""
        {ImageNetworks.Blocks}
        {ClassifierNetworks.Mlp.Replace("class Net", "class Mlp", StringComparison.Ordinal)}
        {ClassifierNetworks.Cnn.Replace("class Net", "class Cnn", StringComparison.Ordinal)}

        [Model, Input(32, 32, 3), Conv2D(64, 3, PaddingSize = 1, UseBias = false), BatchNorm, Relu, Repeat<BasicBlock>(2, 64), Apply<BasicBlock>(128, 2), Apply<BasicBlock>(128)]
        [Apply<BasicBlock>(256, 2), Apply<BasicBlock>(256), Apply<BasicBlock>(512, 2), Apply<BasicBlock>(512), GlobalAveragePool, Dense(10), SoftmaxCrossEntropy]
        public partial class ResNet18;
        """;

    private static readonly Lazy<GeneratedModels> Models = new(() => GeneratedModels.Of(Source));

    /// <summary>A thread has 4 quads of sums, or 16 in wide kernels. Slices of both operands are loaded at two positions of the code; all other loads are for stages after the product.</summary>
    /// <param name="name">The kernel.</param>
    /// <param name="loads">The number of quads that are loaded.</param>
    /// <param name="stores">The number of quads that are stored.</param>
    [Theory]
    [InlineData("Mlp.Relu1", 8, 4)]
    [InlineData("Mlp.Relu1Wide", 20, 16)]
    [InlineData("Cnn.Relu2Wide", 22, 16)]
    [InlineData("Cnn.Conv2D1GradientPooled", 10, 4)]
    [InlineData("ResNet18.BasicBlock1Conv2D1Wide", 6, 16)]
    [InlineData("ResNet18.BasicBlock2Sum1GradientWide", 38, 16)]
    [InlineData("ResNet18.InferBasicBlock4Relu2Wide", 52, 16)]
    public void Products_whose_columns_are_a_multiple_of_four_load_and_store_quads_only(string name, int loads, int stores)
    {
        var ptx = Ptx(name);
        Assert.Equal((loads, stores), (Regex.Count(ptx, @"\bld\.global\.v4\.f32"), Regex.Count(ptx, @"\bst\.global\.v4\.f32")));
        Assert.Equal(0, Regex.Count(ptx, @"\b(ld|st)\.global\.f32"));
    }

    [Fact]
    public void A_product_with_ten_columns_stores_its_sums_one_by_one()
    {
        var ptx = Ptx("Mlp.Dense3");
        Assert.Equal((0, 16), (Regex.Count(ptx, @"\bst\.global\.v4\.f32"), Regex.Count(ptx, @"\bst\.global\.f32")));
    }

    /// <summary>Four adjacent elements per thread, with the factors of 64 channels in shared memory, which is aligned to quads. The kernel begins with sums, which it stores one by one.</summary>
    [Fact]
    public void Pointwise_kernels_load_and_store_quads()
    {
        var ptx = Ptx("ResNet18.BatchNorm1FactorSumAndRelu1");
        Assert.Equal(1, Regex.Count(ptx, @"\bst\.global\.v4\.f32"));
        Assert.Equal(3, Regex.Count(ptx, @"\bld\.global\.v4\.f32"));
        Assert.Equal(1, Regex.Count(ptx, @"\bld\.shared\.v4\.f32"));
        Assert.Equal(1, Regex.Count(ptx, @"\.shared \.align 16 \.b8 \w+\[256\]"));
    }

    private static string Ptx(string name) => KernelCompiler.ToPtx(Models.Value.Kernels[name.Replace(".", "Ilgpu.", StringComparison.Ordinal)]);
}
