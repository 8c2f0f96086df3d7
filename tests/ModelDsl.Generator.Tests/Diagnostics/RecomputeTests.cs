using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>Where [Recompute] has no effect, it is a warning.</summary>
public class RecomputeTests
{
    [Theory]
    [InlineData("[Model, Recompute, Input(4), Dense(2), MeanSquaredError] partial class {|MDSL0099:Net|};", "it is a model")]
    [InlineData("[Recompute] class {|MDSL0099:Other|};", "it is not a block")]
    [InlineData(
        "[Block, Dense(2)] partial class Part; [Model, Input(4), MeanSquaredError] partial class Net { [Recompute] private readonly int {|MDSL0099:width|} = 2; private readonly Part part = new(); private Tensor Forward(Tensor x) => x.Apply(part); }",
        "the field does not hold a block")]
    [InlineData("[Block, Dense(2)] partial class Part; class Holder { [Recompute] private readonly Part {|MDSL0099:part|} = new(); public object Part => part; }", "Holder is neither a model nor a block")]
    [InlineData("class Holder { [Recompute] private readonly int {|MDSL0099:width|} = 2; public int Width => width; }", "the field does not hold a block")]
    public Task Without_a_block_it_is_one_warning(string source, string message) => Expect.Message(source, message);

    [Fact]
    public async Task On_blocks_their_fields_and_their_uses_it_is_none() => Assert.Empty(await Expect.Diagnostics(
        "[Block, Recompute, Dense(4), Tanh] partial class Part; [Model, Input(4), Repeat<Part>(2, Recompute = true), MeanSquaredError] partial class Net; [Model, Input(4), MeanSquaredError] partial class Other { [Recompute] private readonly Part part = new(); private Tensor Forward(Tensor x) => x.Apply(part); }"));
}
