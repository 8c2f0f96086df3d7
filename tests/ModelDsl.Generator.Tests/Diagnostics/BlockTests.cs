using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

public class BlockTests
{
    [Fact]
    public Task Private_nested_and_shared_blocks_are_found() => Expect.Diagnostics(
        """
        namespace Company;
        [Model, Input(4), Dense(8), Apply<Left>, Repeat<Shared.Right>(2), Dense(2), MeanSquaredError]
        partial class Net { [Block, Apply<Inner>] private sealed partial class Left { [Block, Dense(8)] private partial class Inner; } }
        """.Replace("Apply<Inner>", "Apply<Left.Inner>", StringComparison.Ordinal),
        "static partial class Shared { [ModelDsl.Block, ModelDsl.Dense(8), ModelDsl.Relu] internal partial class Right; }");

    [Fact]
    public Task An_empty_block_is_the_identity() => Expect.Diagnostics(
        "[Block] partial class Same; [Model, Input(4), Dense(8), Apply<Same>, Dense(2), MeanSquaredError] partial class Net;");

    [Theory]
    [InlineData("class Plain; ", "Plain", "put [Block] on it")]
    [InlineData("[Model, Input(4), Dense(2), MeanSquaredError] partial class Other; ", "Other", "it is a model of its own")]
    [InlineData("", "string", "put [Block] on it")]
    [InlineData("", "int[]", "only a class with [Block]")]
    public Task Something_else_in_place_of_a_block(string before, string argument, string reason) => Expect.Message(
        $"{before}[Model, Input(4), Apply<{{|MDSL0030:{argument}|}}>, Dense(2), MeanSquaredError] partial class Net;",
        $"'{argument}' is not a block",
        reason);

    [Fact]
    public Task One_of_several_branches_is_not_a_block() => Expect.Diagnostics(
        """
        class Plain;
        [Block, Dense(2)] partial class Left;
        [Model, Input(4), Parallel<Left, {|MDSL0030:Plain|}>(Merge.Add), MeanSquaredError] partial class Net;
        """);

    [Fact]
    public Task A_missing_block_is_the_compilers_business() =>
        Expect.Diagnostics("[Model, Input(4), Apply<{|CS0246:Missing|}>, Dense(2), MeanSquaredError] partial class Net;");

    [Fact]
    public Task A_block_in_itself() =>
        Expect.Message("[Block, Dense(4), Apply<{|MDSL0031:Left|}>] partial class Left;", "'Left' contains itself (Left → Left)");

    [Fact]
    public Task A_circle_of_blocks_is_one_mistake_however_many_models_use_it() => Expect.Diagnostics(
        """
        [Block, Dense(4), Apply<B>] partial class A;
        [Block, Apply<C>, Relu] partial class B;
        [Block, Apply<{|MDSL0031:A|}>] partial class C;
        [Model, Input(4), Apply<C>, MeanSquaredError] partial class Net1;
        [Model, Input(4), Apply<B>, MeanSquaredError] partial class Net2;
        """);

    [Theory]
    [InlineData("Apply<Left>({|MDSL0032:64|})")]
    [InlineData("Apply<Left>({|MDSL0032:64, \"a\"|})")]
    [InlineData("Repeat<Left>(2, {|MDSL0032:64|})")]
    public Task Arguments_for_a_block_without_parameters(string use) => Expect.Diagnostics(
        $"[Block, Dense(8)] partial class Left; [Model, Input(4), {use}, Dense(2), MeanSquaredError] partial class Net;");

    [Fact]
    public Task A_mistake_in_a_block_is_told_once_and_in_the_block() => Expect.Diagnostics(
        """
        [Model, Input(4), Apply<Left>, Apply<Left>, Dense(2), MeanSquaredError] partial class Net1;
        [Model, Input(5), Apply<Left>, Dense(2), MeanSquaredError] partial class Net2;
        """,
        "[Block, Dense({|MDSL0010:0|})] partial class Left;");
}
