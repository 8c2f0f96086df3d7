using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>One cause is one error, without errors for its consequences.</summary>
public class RootCauseTests
{
    [Theory]
    [InlineData("[Model, Block, Dense(2)] partial class {|MDSL0008:Net|};")]
    [InlineData("[Model, Dense(2), MeanSquaredError] abstract partial class {|MDSL0008:Net|};")]
    [InlineData("[Model, Dense(2), MeanSquaredError] partial record {|MDSL0008:Net|};")]
    [InlineData("[Model] static partial class {|MDSL0008:Net|};")]
    [InlineData("[Model, Dense(2)] file partial class {|MDSL0005:Net|};")]
    [InlineData("[Model, Dense(2)] partial class {|MDSL0004:Net|}<T>;")]
    public Task A_class_that_cannot_be_a_model(string source) => Expect.Diagnostics(source);

    [Fact]
    public Task A_class_that_is_both_and_used_as_a_block() => Expect.Diagnostics(
        "[Block, Model, Input(4), Dense(2), MeanSquaredError] partial class {|MDSL0008:Net|}; [Model, Input(4), Apply<Net>, MeanSquaredError] partial class Other;");

    [Theory]
    [InlineData("[Model, Input(4)] partial class Net { Tensor Forward(Tensor x) => x.Dense(3); } [{|MDSL0003:Dense(3)|}, MeanSquaredError] partial class Net;")]
    [InlineData("[Model, Input(4), Dense(2)] partial class Net { Tensor Forward(Tensor x) => x.Dense(3); } [{|MDSL0003:MeanSquaredError|}] partial class Net;")]
    public Task Layers_on_several_declarations_of_a_class_with_a_Forward(string source) => Expect.Diagnostics(source);

    [Theory]
    [InlineData("[Block, {|MDSL0026:Input(4)|}, Dense(2), MeanSquaredError] partial class B;")]
    [InlineData("[Block, {|MDSL0026:Input(4)|}, Dense(2), MeanSquaredError] partial class B; [Model, Input(4), Apply<B>, Residual<B>, MeanSquaredError] partial class Net;")]
    [InlineData("[Block] partial class B { [Loss] Tensor {|MDSL0026:L|}(Tensor x) => x.Sum(); Tensor Forward([Input(3)] Tensor x) => x; } [Model, Input(4), Apply<B>, MeanSquaredError] partial class Net;")]
    public Task A_model_that_is_marked_as_a_block(string source) => Expect.Diagnostics(source);

    [Theory]
    [InlineData("[Block, Dense(2)] file partial class {|MDSL0005:B|}; [Model, Input(4), Apply<B>, MeanSquaredError] partial class Net;")]
    [InlineData("file partial class {|MDSL0005:Outer|} { [Model, Input(4), Dense(2), MeanSquaredError] internal partial class Net; }")]
    [InlineData("file partial class {|MDSL0005:Outer|} { internal partial class Middle { [Model, Input(4), Dense(2), MeanSquaredError] internal partial class Net; } }")]
    public Task A_file_local_block_or_container(string source) => Expect.Diagnostics(source);

    [Fact]
    public Task Two_causes_are_two_errors() => Expect.Diagnostics(
        "[Model, Input(4), Dense({|MDSL0010:0|}), MeanSquaredError] class {|MDSL0001:Net|}; [Model] partial class {|MDSL0020:Empty|};");
}
