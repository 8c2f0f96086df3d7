using System.Globalization;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>What lowering says of a model that does not fit: once, at the argument at fault, with the way there and what to do.</summary>
public class ShapeErrorTests
{
    private static readonly (string, object) ThreeByThree = ("shape", new EquatableArray<int>([3, 3]));

    [Fact]
    public void Reshape_to_another_number_of_values() => Says(
        new SpecBuilder().Input(16).Dense(8).Layer("Reshape", ThreeByThree).Layer("Reshape", ThreeByThree).Layer("MeanSquaredError"),
        "MDSL0012",
        "shape",
        "Reshape to [N, 3, 3] needs 9 values per sample, but 'dense1' gives [N, 8] (path: input [N, 16] → dense1 [N, 8] → reshape1 ✗); " +
        "did you mean Reshape(2, 4), or Dense(9) before it?");

    [Fact]
    public void Reshape_with_one_wrong_size() => Says(
        new SpecBuilder().Input(4, 6).Layer("Reshape", ThreeByThree).Layer("MeanSquaredError"),
        "MDSL0012",
        "shape",
        "Reshape to [N, 3, 3] needs 9 values per sample, but 'input' gives [N, 4, 6] (path: input [N, 4, 6] → reshape1 ✗); " +
        "did you mean Reshape(3, 8)?");

    [Fact]
    public void Tokens_without_an_embedding() => Says(
        new SpecBuilder().TokenInput(12, 30).Dense(8).Layer("MeanSquaredError"),
        "MDSL0011",
        "",
        "Dense(8) needs numbers, but 'input' gives [N, T=12] (path: input [N, T=12] → dense1 ✗); " +
        "token ids become numbers in an embedding: did you mean [Embedding(64)] before it?");

    [Fact]
    public void An_embedding_of_numbers() => Says(
        new SpecBuilder().Input(12).Layer("Embedding", ("width", 8)).Layer("MeanSquaredError"),
        "MDSL0011",
        "",
        "Embedding(8) needs token ids, but 'input' gives [N, 12] (path: input [N, 12] → embedding1 ✗); " +
        "did you mean [TokenInput(length, vocabulary)] as the input?");

    [Fact]
    public void Positions_without_vectors() => Says(
        new SpecBuilder().Input(12).Layer("PositionalEmbedding").Layer("MeanSquaredError"),
        "MDSL0011",
        "",
        "PositionalEmbedding needs positions with a vector each, [N, T, width], but 'input' gives [N, 12] (path: input [N, 12] → positionalEmbedding1 ✗)");

    [Fact]
    public void A_window_larger_than_its_image() => Says(
        new SpecBuilder().Input(4, 6, 3).Layer("Conv2D", ("filters", 8), ("kernel", 5)).Layer("Flatten").Dense(2).Layer("MeanSquaredError"),
        "MDSL0019",
        "kernel",
        "Conv2D(8, kernel: 5) slides a window of 5 over the output of 'input', [N, 4, 6, 3], where it does not fit: ⌊(4 + 2·0 − 5)/1⌋ + 1 = 0 " +
        "(path: input [N, 4, 6, 3] → conv2D1 ✗); did you mean a kernel of at most 4, or Padding.Same?");

    [Fact]
    public void A_pool_over_what_is_left() => Says(
        new SpecBuilder().Input(2, 2, 3).Layer("MaxPool2D", ("window", 2)).Layer("MaxPool2D", ("window", 3), ("stride", 2)).Layer("Flatten").Dense(2).Layer("MeanSquaredError"),
        "MDSL0019",
        "window",
        "MaxPool2D(3, stride: 2) slides a window of 3 over the output of 'maxPool2D1', [N, 1, 1, 3], where it does not fit: ⌊(1 + 2·0 − 3)/2⌋ + 1 = 0 " +
        "(path: input [N, 2, 2, 3] → maxPool2D1 [N, 1, 1, 3] → maxPool2D2 ✗); did you mean a window of at most 1, or Padding.Same?");

    [Fact]
    public void A_convolution_of_a_row() => Says(
        new SpecBuilder().Input(784).Layer("Conv2D", ("filters", 8), ("kernel", 5)).Layer("Flatten").Dense(2).Layer("MeanSquaredError"),
        "MDSL0011",
        "",
        "Conv2D(8, kernel: 5) needs images, [N, height, width, channels], but 'input' gives [N, 784] (path: input [N, 784] → conv2D1 ✗); " +
        "did you mean a Reshape before it?");

    [Fact]
    public void Groups_that_do_not_divide() => Says(
        new SpecBuilder().Input(4, 6, 3).Layer("Conv2D", ("filters", 8), ("kernel", 1), ("groups", 2)).Layer("Flatten").Dense(2).Layer("MeanSquaredError"),
        "MDSL0010",
        "groups",
        "'groups' of Conv2D is 2; it must be a divisor of the 3 channels before it and of the 8 filters");

    [Theory]
    [InlineData("Conv2D", "filters", 0, "'filters' of Conv2D is 0; it must be positive")]
    [InlineData("Conv2D", "stride", 0, "'stride' of Conv2D is 0; it must be positive")]
    [InlineData("Conv2D", "dilation", -1, "'dilation' of Conv2D is -1; it must be positive")]
    [InlineData("Conv2D", "paddingSize", -2, "'paddingSize' of Conv2D is -2; it must be at least 0, or −1 for none of its own")]
    [InlineData("ConvTranspose2D", "outputPadding", 1, "'outputPadding' of ConvTranspose2D is 1; it must be at least 0 and less than the stride or the dilation")]
    [InlineData("MaxPool2D", "window", 0, "'window' of MaxPool2D is 0; it must be positive")]
    [InlineData("MaxPool2D", "paddingSize", 2, "'paddingSize' of MaxPool2D is 2; it must be at most half of the window, or −1 for none of its own")]
    public void Arguments_of_windows_out_of_range(string kind, string argument, object value, string message)
    {
        var given = kind == "MaxPool2D" ? new[] { ("window", (object)2) } : [("filters", (object)4), ("kernel", (object)3)];
        Says(
            new SpecBuilder().Input(4, 4, 2).Layer(kind, [.. given.Where(pair => pair.Item1 != argument), (argument, value)]).Layer("Flatten").Dense(2).Layer("MeanSquaredError"),
            "MDSL0010", argument, message);
    }

    [Fact]
    public void Groups_that_do_not_divide_the_channels() => Says(
        new SpecBuilder().Input(8).Dense(12).Layer("GroupNorm", ("groups", 5)).Dense(2).Layer("MeanSquaredError"),
        "MDSL0011",
        "groups",
        "GroupNorm(5) needs channels in 5 equal groups, but 'dense1' gives [N, 12] (path: input [N, 8] → dense1 [N, 12] → groupNorm1 ✗); " +
        "1, 2, 3, 4, 6 or 12 groups would do");

    [Fact]
    public void Groups_of_one_value() => Says(
        new SpecBuilder().Input(8).Layer("GroupNorm", ("groups", 8)).Dense(2).Layer("MeanSquaredError"),
        "MDSL0011",
        "groups",
        "GroupNorm(8) needs more than one value per group, but 'input' gives [N, 8] (path: input [N, 8] → groupNorm1 ✗); did you mean fewer groups?");

    [Fact]
    public void Channels_without_positions() => Says(
        new SpecBuilder().Input(8).Layer("Dropout2D", ("rate", 0.25)).Dense(2).Layer("MeanSquaredError"),
        "MDSL0011",
        "",
        "Dropout2D(0.25) needs channels at several positions, [N, …, channels], but 'input' gives [N, 8] (path: input [N, 8] → dropout2D1 ✗); " +
        "did you mean Dropout(0.25)?");

    [Fact]
    public void A_global_pool_of_nothing() => Says(
        new SpecBuilder().Input(8).Layer("GlobalAveragePool").Layer("MeanSquaredError"),
        "MDSL0011",
        "",
        "GlobalAveragePool needs channels at several positions, [N, …, channels], but 'input' gives [N, 8] (path: input [N, 8] → globalAveragePool1 ✗)");

    [Fact]
    public void A_sequence_is_no_map() => Says(
        new SpecBuilder().Input(8, 3).Layer("UpSample2D", ("factor", 2)).Layer("MeanSquaredError"),
        "MDSL0011",
        "",
        "UpSample2D(2) needs maps, [N, height, width, channels], but 'input' gives [N, 8, 3] (path: input [N, 8, 3] → upSample2D1 ✗); " +
        "did you mean a Reshape before it?");

    [Fact]
    public void Three_sides_of_a_map() => Says(
        new SpecBuilder().Input(4, 4, 3).Layer("Pad", ("padding", new EquatableArray<int>([1, 2, 3]))).Layer("MeanSquaredError"),
        "MDSL0011",
        "padding",
        "Pad(1, 2, 3) needs 4 sides to pad, or fewer that stand for them, but 'input' gives [N, 4, 4, 3] (path: input [N, 4, 4, 3] → pad1 ✗); " +
        "give one number for all sides, 2 for the sides of each axis, or 4, before and behind in turn");

    [Fact]
    public void Zeros_beyond_all_measure() => Says(
        new SpecBuilder().Input(4, 4, 3).Layer("Pad", ("padding", new EquatableArray<int>([int.MaxValue]))).Layer("MeanSquaredError"),
        "MDSL0016",
        "",
        "The output of 'pad1' would have 13,835,058,042,397,261,824 elements; at most 268,435,456 are possible");

    [Theory]
    [InlineData("GroupNorm", "groups", 0, "'groups' of GroupNorm is 0; it must be positive")]
    [InlineData("Dropout2D", "rate", 1.0, "'rate' of Dropout2D is 1; it must be at least 0 and less than 1")]
    [InlineData("UpSample2D", "factor", -1, "'factor' of UpSample2D is -1; it must be positive")]
    public void Arguments_of_map_layers_out_of_range(string kind, string argument, object value, string message) =>
        Says(new SpecBuilder().Input(4, 4, 3).Layer(kind, (argument, value)).Dense(2).Layer("MeanSquaredError"), "MDSL0010", argument, message);

    [Fact]
    public void A_negative_number_of_zeros() => Says(
        new SpecBuilder().Input(4, 4, 3).Layer("Pad", ("padding", new EquatableArray<int>([1, -1]))).Layer("MeanSquaredError"),
        "MDSL0010",
        "padding",
        "'padding' of Pad is 1, -1; it must be one or more numbers of zeros, such as Pad(1)");

    [Theory]
    [InlineData("Dense", "units", 0, "'units' of Dense is 0; it must be positive")]
    [InlineData("Dense", "units", -3, "'units' of Dense is -3; it must be positive")]
    [InlineData("Dropout", "rate", 1.0, "'rate' of Dropout is 1; it must be at least 0 and less than 1")]
    [InlineData("Dropout", "rate", -0.1, "'rate' of Dropout is -0.1; it must be at least 0 and less than 1")]
    [InlineData("Dropout", "rate", double.NaN, "'rate' of Dropout is NaN; it must be at least 0 and less than 1")]
    [InlineData("LayerNorm", "epsilon", 0.0, "'epsilon' of LayerNorm is 0; it must be positive")]
    [InlineData("BatchNorm", "epsilon", 0.0, "'epsilon' of BatchNorm is 0; it must be positive")]
    [InlineData("BatchNorm", "momentum", 1.5, "'momentum' of BatchNorm is 1.5; it must be from 0 to 1")]
    [InlineData("BatchNorm", "momentum", double.NaN, "'momentum' of BatchNorm is NaN; it must be from 0 to 1")]
    public void Arguments_out_of_range(string kind, string argument, object value, string message) =>
        Says(new SpecBuilder().Input(4).Layer(kind, (argument, value)).Dense(2).Layer("MeanSquaredError"), "MDSL0010", argument, message);

    [Fact]
    public void A_bias_has_no_fans() => Says(
        new SpecBuilder().Input(4).Dense(2, ("biasInitializer", "HeNormal")).Layer("MeanSquaredError"),
        "MDSL0010",
        "biasInitializer",
        "'biasInitializer' of Dense is HeNormal; it must be Zeros, Ones, Normal or Uniform: a bias has no fans");

    [Fact]
    public void A_residual_block_that_changes_the_shape() => Says(
        new SpecBuilder().Input(4).Block("Wide", block => block.Dense(8)).Composite("Residual", ["Wide"]).Layer("MeanSquaredError"),
        "MDSL0013",
        null,
        "A residual block must keep the shape, so that its result can be added to its input, but 'wide1' turns [N, 4] into [N, 8] " +
        "(path: input [N, 4] → wide1.dense1 [N, 8] → wide1 ✗); did you mean [Dense(4)] as its last layer?");

    [Fact]
    public void Branches_that_cannot_be_added() => Says(
        new SpecBuilder().Input(4).Block("A", block => block.Dense(8)).Block("B", block => block.Dense(6))
            .Composite("Parallel", ["A", "B"], ("merge", "Add")).Layer("MeanSquaredError"),
        "MDSL0014",
        "",
        "The branches of 'parallel1' cannot be merged with Merge.Add: 'a1.dense1' gives [N, 8], 'b1.dense1' [N, 6] " +
        "(path: input [N, 4] → parallel1 ✗); did you mean Merge.Concat?");

    [Fact]
    public void An_autoencoder_of_another_size() => Says(
        new SpecBuilder().Input(8).Dense(2).Dense(7).Layer("MeanSquaredError", ("target", "Input")),
        "MDSL0015",
        "target",
        "MeanSquaredError(Input) needs an output in the shape of its target, the input [N, 8], but 'dense2' gives [N, 7] " +
        "(path: input [N, 8] → dense1 [N, 2] → dense2 [N, 7] → meanSquaredError ✗); did you mean [Dense(8)] as the last layer?");

    [Fact]
    public void One_class() => Says(
        new SpecBuilder().Input(8).Dense(1).Layer("SoftmaxCrossEntropy"),
        "MDSL0015",
        "",
        "SoftmaxCrossEntropy needs at least two classes, but 'dense1' gives [N, 1] (path: input [N, 8] → dense1 [N, 1] → softmaxCrossEntropy ✗); " +
        "with one logit per sample use [BinaryCrossEntropy], or make the last layer as wide as there are classes");

    [Fact]
    public void A_parameter_of_many_gigabytes() => Says(
        new SpecBuilder().Input(100_000).Dense(100_000).Layer("MeanSquaredError"),
        "MDSL0016",
        "",
        "The parameter 'dense1.weight' would have 10,000,000,000 elements; at most 268,435,456 are possible");

    [Fact]
    public void A_mistake_in_a_block_is_told_once() => Says(
        new SpecBuilder().Input(4).Block("Bad", block => block.Dense(3).Layer("Dropout", ("rate", 2.0)))
            .Composite("Apply", ["Bad"]).Composite("Apply", ["Bad"]).Layer("MeanSquaredError"),
        "MDSL0010",
        "rate",
        "'rate' of Dropout is 2; it must be at least 0 and less than 1");

    [Fact]
    public void Two_layers_of_one_name() => Says(
        new SpecBuilder().Input(4).Dense(3, ("name", "head")).Dense(3, ("name", "head")).Layer("MeanSquaredError"),
        "MDSL0033",
        "name",
        "The name 'head' is already used by [Dense(3)]; names of layers within 'Net' must differ, since parameters are saved under them");

    [Fact]
    public void A_name_that_is_none() => Says(
        new SpecBuilder().Input(4).Dense(3, ("name", "my head")).Layer("MeanSquaredError"),
        "MDSL0034",
        "name",
        "'my head' cannot be the name of a layer; use letters, digits and underscores, beginning with a letter, as in 'encoder1'");

    [Fact]
    public void Given_names_do_not_disturb_running_numbers()
    {
        var model = new SpecBuilder().Input(4).Dense(3, ("name", "dense2")).Dense(3).Dense(3).Layer("MeanSquaredError").Lower();
        Assert.Empty(model.Problems);
        Assert.Equal(["input", "dense2", "dense1", "dense3"], model.Layers.Select(row => row.Name));
    }

    [Fact]
    public void The_producer_of_the_shape_is_shown_too()
    {
        var spec = new SpecBuilder().Input(16).Dense(8).Layer("Relu").Layer("Reshape", ThreeByThree).Layer("MeanSquaredError");
        Assert.Equal(spec.Layers[2].Site, Assert.Single(Assert.Single(spec.Lower().Problems).Related));
    }

    private static void Says(SpecBuilder spec, string id, string? argument, string message)
    {
        var model = spec.Lower();
        var problem = Assert.Single(model.Problems);
        Assert.Equal(id, problem.Id);
        Assert.Equal(message, string.Format(CultureInfo.InvariantCulture, Descriptors.Find(id).MessageFormat.ToString(CultureInfo.InvariantCulture), [.. problem.Arguments]));
        if (argument is "") Assert.Equal(SiteKind.Attribute, problem.Site.Kind);
        else if (argument is not null) Assert.Equal((SiteKind.Argument, argument), (problem.Site.Kind, problem.Site.Member));
        Assert.Null(model.Train);
        Assert.Null(model.Infer);
    }
}
