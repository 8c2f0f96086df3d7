using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>Blocks with parameters, from attributes and from Forward.</summary>
public class BlockParameterTests
{
    private const string Wide =
        """
        [Block]
        partial class Wide(int width, double rate = 0, bool norm = false)
        {
            private Tensor Forward(Tensor x)
            {
                var y = x.Dense(width, useBias: false);
                if (norm) y = y.LayerNorm();
                return y.SameShape(x) ? x + y.Dropout(rate) : y.Dropout(rate);
            }
        }
        [Block]
        partial class Level(int width, int levels)
        {
            private Tensor Forward(Tensor x)
            {
                var skip = x.Dense(width, useBias: false);
                if (levels == 0) return skip;
                return Tensor.Concat(skip, skip.Apply(new Level(2 * width, levels - 1)));
            }
        }

        """;

    [Theory]
    [InlineData("Apply<Wide>(3)", "wide1.dense1.weight [3, 4]")]
    [InlineData("Apply<Wide>(3, 0.5, true)", "wide1.dense1.weight [3, 4]|wide1.layerNorm1.weight [3]|wide1.layerNorm1.bias [3]")]
    [InlineData("Repeat<Wide>(2, 5, 0)", "wide1.dense1.weight [5, 4]|wide2.dense1.weight [5, 5]")]
    [InlineData("Residual<Wide>(4)", "wide1.dense1.weight [4, 4]")]
    [InlineData("Apply<Wide>(Size, Name = \"stem\")", "stem.dense1.weight [7, 4]")]
    [InlineData("Apply<Level>(2, 2)", "level1.dense1.weight [2, 4]|level1.level1.dense1.weight [4, 2]|level1.level1.level1.dense1.weight [8, 4]")]
    public void From_attributes(string use, string expected)
    {
        var model = Read.Model($"{Wide}[Model, Input(4), {use}, MeanSquaredError] partial class Net {{ const int Size = 7; }}");
        Assert.Equal(expected.Split('|'), model.Weights());
        GradientCheck.Run(model);
    }

    [Fact]
    public void From_Forward()
    {
        var model = Read.Body("4", "=> x.Apply(new Wide(norm: true, width: 3)).Apply(new Level(2, levels: 1), name: \"tail\");", Wide);
        Assert.Equal(
            ["wide1.dense1.weight [3, 4]", "wide1.layerNorm1.weight [3]", "wide1.layerNorm1.bias [3]", "tail.dense1.weight [2, 3]", "tail.level1.dense1.weight [4, 2]"],
            model.Weights());
    }

    [Theory]
    [InlineData("Apply<{|MDSL0032:Wide|}>", "takes (int width, double rate = 0, bool norm = false), but gets none")]
    public Task Missing_arguments(string use, string message) => Expect.Message(
        Wide + $"[Model, Input(4), {use}, MeanSquaredError] partial class Net;".Replace("Apply<{|MDSL0032:Wide|}>", "{|MDSL0032:Apply<Wide>|}", StringComparison.Ordinal), message);

    [Theory]
    [InlineData("Apply<Wide>({|MDSL0032:\"3\"|})")]
    [InlineData("Apply<Wide>({|MDSL0032:3, 0.5, true, 1|})")]
    [InlineData("Repeat<Wide>(2, {|MDSL0032:3.5|})")]
    public Task Wrong_arguments(string use) => Expect.Diagnostics($"{Wide}[Model, Input(4), {use}, MeanSquaredError] partial class Net;");

    [Fact]
    public Task A_block_in_itself_with_equal_arguments() => Expect.Message(
        """
        [Block] partial class Ring(int width) { Tensor Forward(Tensor x) => x.Dense(width).Apply({|MDSL0031:new Ring(width)|}); }
        [Model, Input(4), Apply<Ring>(3), MeanSquaredError] partial class Net;
        """,
        "Ring(3) → Ring(3)");

    [Fact]
    public Task A_block_in_itself_without_end() => Expect.Message(
        """
        [Block] partial class Ring(int width) { Tensor Forward(Tensor x) => x.Dense(2).Apply({|MDSL0031:new Ring(width + 1)|}); }
        [Model, Input(4), Apply<Ring>(3), MeanSquaredError] partial class Net;
        """,
        "Ring(3) → Ring(4) → Ring(5) → … → Ring(67)");

    [Fact]
    public Task Parameters_without_a_Forward() => Expect.Diagnostics("[Block, Dense(3)] partial class Wide{|MDSL0007:(int width)|};");
}
