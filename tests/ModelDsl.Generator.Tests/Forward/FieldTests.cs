using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>Blocks in fields: one set of weights each, under the field's name.</summary>
public class FieldTests
{
    private const string Blocks =
        """
        [Block] partial class Tower(int width) { private Tensor Forward(Tensor x) => x.Dense(width, useBias: false).Tanh(); }
        [Block] partial class Pair(int width)
        {
            private readonly Tower inner = new(width);
            private Tensor Forward(Tensor x) => x.Apply(inner) + x.Tanh().Apply(inner);
        }

        """;

    [Fact]
    public void A_field_is_one_set_of_weights()
    {
        var model = Read.Model(
            Blocks +
            """
            [Model, Input(4), MeanSquaredError] partial class Net
            {
                private readonly Tower tower = new(4);
                private static readonly Pair _pair = new(width: 3);
                private Tensor Forward(Tensor x) => Helper(x.Apply(tower)).Apply(_pair).Dense(2, false);
                private Tensor Helper(Tensor x) => x.Apply(tower).Apply(new Tower(5));
            }
            """);
        Assert.Equal(["tower.dense1.weight [4, 4]", "tower1.dense1.weight [5, 4]", "pair.inner.dense1.weight [3, 5]", "dense1.weight [2, 3]"], model.Weights());
        GradientCheck.Run(model);
    }

    [Fact]
    public void A_frozen_field_is_not_trained()
    {
        var model = Read.Model(
            Blocks +
            """
            [Model, Input(4), MeanSquaredError] partial class Net
            {
                [Frozen] private readonly Pair trunk = new(4);
                private Tensor Forward(Tensor x) => x.Apply(trunk).Dense(2, false);
            }
            """);
        Assert.Equal([true, false], model.Parameters.Select(parameter => parameter.Frozen));
    }

    [Theory]
    [InlineData("private Tower tower = new(4); Tensor Forward(Tensor x) => x.Apply({|MDSL0051:tower|});", "make the field readonly")]
    [InlineData("private readonly Tower tower = null!; Tensor Forward(Tensor x) => x.Apply(tower);", "null", "MDSL0051:null")]
    [InlineData("private readonly Tower tower = new(Environment.TickCount); Tensor Forward(Tensor x) => x.Apply(tower);", "", "MDSL0051:Environment.TickCount")]
    public Task Fields_that_are_no_blocks(string members, string message, string mark = "")
    {
        if (mark.Length > 0) members = members.Replace(mark.Split(':')[1], $"{{|{mark}|}}", StringComparison.Ordinal);
        return Expect.Message($"{Blocks}[Model, Input(4), MeanSquaredError] partial class Net {{ {members} }}", message);
    }
}
