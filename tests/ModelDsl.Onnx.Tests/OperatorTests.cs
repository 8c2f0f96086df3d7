using ModelDsl.Ilgpu.Tests;

namespace ModelDsl.Onnx.Tests;

/// <summary>Layers are operators of their own in files.</summary>
public sealed class OperatorTests
{
    [Fact]
    public void Dense_layers_are_matrix_products_with_their_bias() =>
        Assert.Equal(["Gemm", "Relu", "Gemm", "Softmax", "Identity"], Operators(new Classifier()));

    [Fact]
    public void Convolutions_and_pools_are_one_operator_each_and_pictures_are_transposed_once_at_both_ends() => Assert.Equal(
        ["Transpose", "Conv", "Relu", "MaxPool", "Conv", "AveragePool", "Tanh", "Transpose", "Reshape", "Gemm", "Softmax", "Identity"], Operators(new PooledMaps()));

    [Fact]
    public void A_residual_network_is_transposed_at_the_entry_only() => Assert.Equal(
        [
            "Transpose", "Conv", "BatchNormalization", "Relu", "Conv", "BatchNormalization", "Relu", "Conv", "BatchNormalization", "Add", "Relu", "MaxPool", "GlobalAveragePool", "Squeeze", "Gemm",
            "Softmax", "Identity",
        ],
        Operators(new Pictures()));

    [Theory]
    [InlineData(17, "LayerNormalization", "Softmax")]
    [InlineData(21, "LayerNormalization", "Softmax", "Gelu")]
    [InlineData(23, "LayerNormalization", "Attention", "RMSNormalization", "Gelu")]
    public void Layers_are_the_operators_of_the_opset(int opset, params string[] operators)
    {
        var all = Operators(new Attending(), opset);
        Assert.All(operators, type => Assert.Contains(type, all));
        Assert.Equal(opset == 23, !all.Contains("Softmax"));
        Assert.DoesNotContain("Exp", all);
    }

    [Theory]
    [InlineData(22, 0)]
    [InlineData(23, 2)]
    public void Rotary_embeddings_are_operators_since_opset_23(int opset, int count) => Assert.Equal(count, Operators(new Rotated(), opset).Count(type => type == "RotaryEmbedding"));

    [Fact]
    public void Recurrent_layers_are_operators_and_not_loops()
    {
        var all = Operators(new Sequence());
        Assert.Equal(["LSTM", "LSTM", "GRU", "GRU", "RNN"], all.Where(type => type is "LSTM" or "GRU" or "RNN" or "Scan"));
    }

    [Fact]
    public void Activations_are_one_operator_each()
    {
        Assert.Equal(["Gemm", "LeakyRelu", "Gemm", "Softplus", "Gemm", "Sigmoid", "Identity"], Operators(new Dropped()));
        Assert.Contains("Elu", Operators(new Normalised()));
    }

    [Fact]
    public void Transposed_convolutions_are_one_operator_each() => Assert.Equal(2, Operators(new Enlarged()).Count(type => type == "ConvTranspose"));

    [Fact]
    public void Recurrences_that_skip_padding_are_loops() => Assert.Contains("Scan", Operators(new Remembering()));

    private static string[] Operators(Model model, int opset = 21)
    {
        using (model)
            return [.. ExportedModel.Of(model, opset).Graph.Node.Select(node => node.OpType)];
    }
}
