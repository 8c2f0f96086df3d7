using static ModelDsl.Onnx.Schema.TensorProto.Types;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Layers that a file has as several operators become the layers. That their results are right is tested with those of other graphs.</summary>
public sealed class RecognizeTests
{
    private static readonly Dictionary<string, OnnxGraph> Attentions = new()
    {
        ["BERT"] = AttentionGraphs.Bert,
        ["no mask"] = AttentionGraphs.Unmasked,
        ["GPT-2"] = AttentionGraphs.Gpt2,
        ["first GPT-2"] = AttentionGraphs.FirstGpt2,
        ["scaled sides"] = AttentionGraphs.ScaledSides,
        ["masked_fill"] = AttentionGraphs.Filled,
        ["bias"] = AttentionGraphs.Biased,
        ["numbers"] = AttentionGraphs.Operator("numbers"),
        ["condition"] = AttentionGraphs.Operator("causal"),
        ["computed condition"] = AttentionGraphs.Operator("computed"),
        ["one head"] = AttentionGraphs.OneHead,
        ["MultiheadAttention"] = MultiheadGraphs.Of(),
        ["MultiheadAttention for one sample"] = MultiheadGraphs.Of(isFixed: true),
        ["MultiheadAttention with a causal mask"] = MultiheadGraphs.Of("causal"),
        ["MultiheadAttention with a mask of keys"] = MultiheadGraphs.Of("keys"),
        ["MultiheadAttention of PyTorch 2"] = MultiheadGraphs.Of(isApart: true),
    };

    private static readonly long[] Kernel = [3, 3];

    [Theory]
    [InlineData("BERT", " * (-10000))")]
    [InlineData("no mask", ")")]
    [InlineData("GPT-2", " * (-10000), causal: true)")]
    [InlineData("first GPT-2", ", causal: true)")]
    [InlineData("scaled sides", ", causal: true)")]
    [InlineData("masked_fill", ")")]
    [InlineData("bias", ", Bias)")]
    [InlineData("numbers", ", Mask)")]
    [InlineData("condition", ", causal: true)")]
    [InlineData("computed condition", ")")]
    [InlineData("one head", ", causal: true)")]
    [InlineData("MultiheadAttention", ")")]
    [InlineData("MultiheadAttention for one sample", ")")]
    [InlineData("MultiheadAttention with a causal mask", ", causal: true)")]
    [InlineData("MultiheadAttention with a mask of keys", ")")]
    [InlineData("MultiheadAttention of PyTorch 2", ")")]
    public void Attention_is_the_layer_with_its_mask(string name, string end)
    {
        var source = Attentions[name].Output("y").Import(options => options with { Batch = name.StartsWith("Multihead", StringComparison.Ordinal) ? 1 : 0 }).Source;
        Assert.Contains("Tensor.Attention(", source, StringComparison.Ordinal);
        Assert.DoesNotContain("Softmax", source, StringComparison.Ordinal);
        Assert.DoesNotContain("Transpose", source, StringComparison.Ordinal);
        Assert.True(end == ")" || source.Contains(end, StringComparison.Ordinal), source);
        Assert.Equal(end.Contains("causal", StringComparison.Ordinal), source.Contains("causal", StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_that_scale_queries_and_keys_are_those_of_the_layer()
    {
        // Half of the products, which is the standard for heads of size 4.
        foreach (var graph in new[] { MultiheadGraphs.Of(isFirst: true), AttentionGraphs.ScaledSides })
        {
            var source = graph.Output("y").Import().Source;
            Assert.DoesNotContain(" / ", source, StringComparison.Ordinal);
            Assert.DoesNotContain(" * ", source, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Scores_that_no_layer_has_remain_products()
    {
        var source = AttentionGraphs.Squared.Output("y").Import().Source;
        Assert.DoesNotContain("Tensor.Attention(", source, StringComparison.Ordinal);
        Assert.Contains("Softmax()", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batch_normalization_as_several_operators_is_the_layer(bool hasVariance)
    {
        var import = Normalized(hasVariance).Output("y").Import();
        Assert.Contains("x.BatchNorm(", import.Source, StringComparison.Ordinal);
        Assert.Equal(["weight", "bias", "running_mean", "running_var"], import.Weights.Select(weight => weight.Name[(weight.Name.LastIndexOf('.') + 1)..]));
        Assert.Equal(1f, import.Weights[3].Values()[0], 1e-4f);
    }

    [Fact]
    public void Batch_normalization_along_the_last_axis_does_not_make_an_input_a_picture()
    {
        var source = Arithmetic(new OnnxGraph().Input("x", DataType.Float, 0, 5, 3).Floats("mean", [3], 1, 2, 3).Floats("deviation", [3], 1, 2, 4).Weight("scale", 3).Weight("shift", 3)).Output("y").Import().Source;
        Assert.Contains("Input(5, 3)", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_normalization_along_the_second_axis_does() => Assert.Contains("Input(4, 4, 3)", Normalized(hasVariance: false).Output("y").Import().Source, StringComparison.Ordinal);

    [Fact]
    public void Arithmetic_with_single_numbers_is_not_batch_normalization()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 0, 4).Floats("mean", [], 1).Floats("deviation", [], 2).Floats("scale", [], 3).Floats("shift", [], 4);
        Assert.DoesNotContain("BatchNorm", Arithmetic(graph).Output("y").Import().Source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalization_by_the_number_of_samples_is_an_error()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 0, 3, 4, 4).Integers("first", 0).Floats("mean", [3, 1, 1], 1, 2, 3).Floats("deviation", [3, 1, 1], 1, 2, 4).Weight("scale", 3, 1, 1)
            .Node("Shape", "sizes", ["x"]).Node("Gather", "samples", ["sizes", "first"]).Node("Cast", "shift", ["samples"], ("to", 1));
        Assert.Contains("the number of samples", Assert.Throws<ImportException>(() => Arithmetic(graph).Output("y").Import()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_softmax_without_an_axis_is_along_the_last_one()
    {
        var graph = AttentionGraphs.Unmasked.Output("y");
        graph.File.Graph.Node.Single(node => node.OpType == "Softmax").Attribute.Clear();
        Assert.Contains("Tensor.Attention(", graph.Import().Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p")]
    [InlineData("d")]
    [InlineData("s")]
    public void Attention_whose_weights_or_scores_are_read_elsewhere_is_not_the_layer(string value) =>
        Assert.DoesNotContain("Tensor.Attention(", AttentionGraphs.Unmasked.Output("y").Output(value).Import().Source, StringComparison.Ordinal);

    [Fact]
    public void A_bias_of_zeros_that_was_trained_is_kept()
    {
        var graph = AttentionGraphs.Biased.Output("y");
        var bias = graph.File.Graph.Initializer.Single(tensor => tensor.Name == "bias");
        bias.RawData = Google.Protobuf.ByteString.CopyFrom(new byte[bias.RawData.Length]);
        Assert.Contains(", Bias)", graph.Import().Source, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_attention_says_where_it_ends()
    {
        var graph = AttentionGraphs.Squared.Integers("wrong", 1, 1, 7, 1).Floats("number", [], 1).Node("ConstantOfShape", "seven", ["wrong"]);
        graph.File.Graph.Node.Single(node => node.OpType == "Mul").Input[1] = "seven";
        graph.File.Graph.Node.Insert(0, graph.File.Graph.Node[^1]);
        graph.File.Graph.Node.RemoveAt(graph.File.Graph.Node.Count - 1);
        Assert.Contains("attention that ends at node 'o_node' (MatMul)", Assert.Throws<ImportException>(() => graph.Output("y").Import()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_and_a_summand_after_a_convolution_are_a_part_of_it()
    {
        var import = Scaled(4, 1, 1).Output("y").Import();
        Assert.Contains("x.Conv2D(4, 3, name: ", import.Source, StringComparison.Ordinal);
        Assert.DoesNotContain(" * ", import.Source, StringComparison.Ordinal);
        Assert.DoesNotContain(" + ", import.Source, StringComparison.Ordinal);
        Assert.DoesNotContain("useBias: false", import.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_along_another_axis_is_not() => Assert.Contains(" * ", Scaled(1, 1, 4).Output("y").Import().Source, StringComparison.Ordinal);

    [Fact]
    public void A_scale_whose_axis_is_given_is_along_that_axis()
    {
        var graph = new OnnxGraph(6).Input("x", DataType.Float, 0, 3, 6, 6).Weight("w", 4, 3, 3, 3).Weight("factor", 4).Weight("summand", 4).Node("Conv", "c", ["x", "w"], ("kernel_shape", Kernel))
            .Node("Mul", "m", ["c", "factor"], ("broadcast", 1), ("axis", 1)).Node("Add", "y", ["m", "summand"], ("broadcast", 1), ("axis", 1));
        Assert.Equal(2, graph.Output("y").Import().Weights.Count(weight => weight.Shape is [4]));
    }

    /// <summary>(x − mean) / deviation · scale + shift.</summary>
    internal static OnnxGraph Arithmetic(OnnxGraph graph, string input = "x", string output = "y") =>
        graph.Node("Sub", "c", [input, "mean"]).Node("Div", "n", ["c", "deviation"]).Node("Mul", "m", ["n", "scale"]).Node("Add", output, ["m", "shift"]);

    /// <summary>A normalization of pictures [N, 3, 4, 4] by known statistics.</summary>
    internal static OnnxGraph Normalized(bool hasVariance)
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, 0, 3, 4, 4).Floats("mean", [3, 1, 1], 0.5f, -1, 2).Floats("variance", [3, 1, 1], 1, 4, 0.25f).Floats("epsilon", [], 1e-3f)
            .Floats("deviation", [1, 3, 1, 1], 1, 2, 0.5f).Weight("scale", 3, 1, 1).Weight("shift", 3, 1, 1).Node("Sub", "c", ["x", "mean"]);
        if (hasVariance) graph.Node("Add", "v", ["variance", "epsilon"]).Node("Sqrt", "root", ["v"]);
        return graph.Node("Div", "n", ["c", hasVariance ? "root" : "deviation"]).Node("Mul", "m", ["scale", "n"]).Node("Add", "y", ["m", "shift"]);
    }

    /// <summary>A convolution [N, 3, 6, 6] to [N, 4, 4, 4], a product and a sum.</summary>
    internal static OnnxGraph Scaled(params long[] shape) => new OnnxGraph().Input("x", DataType.Float, 0, 3, 6, 6).Weight("w", 4, 3, 3, 3).Weight("factor", shape).Weight("summand", shape)
        .Node("Conv", "c", ["x", "w"], ("kernel_shape", Kernel)).Node("Mul", "m", ["c", "factor"]).Node("Add", "y", ["summand", "m"]);
}
