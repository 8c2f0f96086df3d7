using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Parsing;

public class SpecTests
{
    [Fact]
    public void A_class_is_described_so_that_its_other_half_can_be_written()
    {
        const string Source = "namespace A.@event { public partial class Outer { partial struct @in { [Model] internal sealed partial class @int; } } }";
        var type = Read(Source, "A.event.Outer+in+int").Type;
        Assert.Equal("A.@event", type.Namespace);
        Assert.Equal(["partial class Outer", "partial struct @in"], type.Containers);
        Assert.Equal("internal sealed partial class @int", type.Header);
        Assert.Equal("int", type.Name);
        Assert.Equal("A.event.Outer+in+int", type.Key);
    }

    [Fact]
    public void Layers_keep_their_order_over_lists_and_lines()
    {
        var spec = Read("[Model] [Input(4)] [Dense(3), Relu] [Obsolete] [Dense(2)] [MeanSquaredError] partial class Net;");
        Assert.Equal(["Input", "Dense", "Relu", "Dense", "MeanSquaredError"], spec.Layers.Select(layer => layer.Kind));
        Assert.Equal([0, 1, 2, 3, 4], spec.Layers.Select(layer => layer.Site.Index));
    }

    [Theory]
    [InlineData("Dense(8)", "units=8")]
    [InlineData("Dense(units: 8)", "units=8")]
    [InlineData("Dense(Width / 2, UseBias = false, WeightDecay = 1e-4)", "units=8 useBias=False weightDecay=0.0001")]
    [InlineData("Dense(8, KernelInitializer = Init.HeNormal, Name = \"hidden\", Frozen = true)", "units=8 kernelInitializer=HeNormal name=hidden frozen=True")]
    [InlineData("Dense(8, Name = null!)", "units=8")]
    [InlineData("Reshape(2, 4)", "shape=[2,4]")]
    [InlineData("Reshape([2, 4])", "shape=[2,4]")]
    [InlineData("Reshape(shape: new[] { 2, 4 })", "shape=[2,4]")]
    [InlineData("Reshape", "shape=[]")]
    [InlineData("Reshape(null!)", "shape=[]")]
    [InlineData("Dropout(0.5)", "rate=0.5")]
    [InlineData("Dropout(0)", "rate=0")]
    [InlineData("TokenInput(vocabulary: 256, length: 16)", "length=16 vocabulary=256")]
    [InlineData("Parallel<Left, Left>(Merge.Concat)", "merge=Concat")]
    [InlineData("MeanSquaredError(Target = Target.Input)", "target=Input")]
    [InlineData("SoftmaxCrossEntropy(LabelSmoothing = 0.1, SoftTargets = true)", "labelSmoothing=0.1 softTargets=True")]
    [InlineData("Activation(nameof(Swish))", "function=Swish(1)")]
    [InlineData("Apply<Left>", "")]
    [InlineData("Repeat<Left>(3)", "count=3")]
    public void Arguments_have_the_names_of_their_parameters(string layer, string expected)
    {
        var spec = Read(
            $"[Block] partial class Left; [Model, {layer}] partial class Net {{ private const int Width = 16; static float Swish(float x) => x; }}");
        Assert.Empty(spec.Problems);
        Assert.Equal(expected, string.Join(' ', spec.Layers[0].Arguments.Select(argument => $"{argument.Name}={Show(argument.Value)}")));
    }

    [Fact]
    public void Blocks_are_found_through_blocks_and_listed_once()
    {
        var spec = Read(
            """
            [Block, Apply<Net.Deep>] partial class Left;
            [Model, Parallel<Left, Net.Deep>(Merge.Add), Residual<Left>] partial class Net { [Block, Relu] private partial class Deep; }
            """);
        Assert.Equal(["Left", "Net+Deep"], spec.Blocks.Select(block => block.Key));
        Assert.Equal(["Left", "Net+Deep"], spec.Layers[0].Blocks);
    }

    [Fact]
    public void An_attribute_of_the_same_name_from_elsewhere_is_not_a_layer()
    {
        var spec = Read("class DenseAttribute : Attribute; namespace N { [Model, Input(4), global::Dense] partial class Net; }", "N.Net");
        Assert.Equal("Input", Assert.Single(spec.Layers).Kind);
    }

    [Fact]
    public void Equal_sources_give_equal_specs()
    {
        const string Source =
            "[Model, Input(4, 5), Dropout(0.5), Activation(nameof(F))] partial class Net { static float F(float x) => x > 0 ? x : 2; }";
        Assert.Equal(Read(Source), Read(Source));
        Assert.Equal(Read(Source).GetHashCode(), Read(Source).GetHashCode());
        Assert.NotEqual(Read(Source), Read(Source.Replace(": 2", ": 3", StringComparison.Ordinal)));
        Assert.NotEqual(Read(Source), Read(Source.Replace("4, 5", "4, 6", StringComparison.Ordinal)));
    }

    private static ModelSpec Read(string source, string name = "Net")
    {
        var compilation = TestCompilation.Create(source);
        return ModelParser.ReadModel(compilation.GetTypeByMetadataName(name)!, compilation, default);
    }

    private static string Show(object value) => value switch
    {
        EquatableArray<int> numbers => $"[{string.Join(',', numbers)}]",
        FunctionSpec function => $"{function.Name}({function.Parameters})",
        _ => FormattableString.Invariant($"{value}"),
    };
}
