using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

public class OrderTests
{
    [Fact]
    public Task No_input() => Expect.Diagnostics("[Model, Dense(2), MeanSquaredError] partial class {|MDSL0020:Net|};");

    [Fact]
    public Task No_layers_at_all() => Expect.Diagnostics("[Model] partial class {|MDSL0020:Net|};");

    [Fact]
    public Task An_input_that_is_not_first() =>
        Expect.Diagnostics("[Model, Dense(2), {|MDSL0021:Input(4)|}, MeanSquaredError] partial class Net;");

    [Fact]
    public Task Two_inputs() =>
        Expect.Diagnostics("[Model, Input(4), {|MDSL0022:Input(4)|}, Dense(2), MeanSquaredError] partial class Net;");

    [Fact]
    public Task No_loss() => Expect.Diagnostics("[Model, Input(4), Dense(2)] partial class {|MDSL0023:Net|};");

    [Fact]
    public Task No_loss_and_no_training() => Expect.Diagnostics("[Model(PredictionOnly = true), Input(4), Dense(2)] partial class Net;");

    [Fact]
    public Task PredictionOnly_that_is_false() => Expect.Diagnostics("[Model(PredictionOnly = false), Input(4), Dense(2)] partial class {|MDSL0023:Net|};");

    [Fact]
    public Task A_loss_without_training() =>
        Expect.Diagnostics("[Model(PredictionOnly = true), Input(4), Dense(2), {|MDSL0101:MeanSquaredError|}] partial class Net;");

    [Fact]
    public Task A_method_with_a_loss_without_training() => Expect.Message(
        """
        [Model(PredictionOnly = true)] partial class Net
        {
            private static Tensor Forward([Input(4)] Tensor x) => x.Dense(2);
            [Loss] private static Tensor {|MDSL0101:Error|}(Tensor output, [Target(2)] Tensor target) => (output - target).Square();
        }
        """,
        "'Net' is for prediction only, but has the loss 'Error'");

    [Fact]
    public Task Tokens_as_the_output_of_a_model_without_a_loss() =>
        Expect.Message("[Model(PredictionOnly = true), {|MDSL0011:TokenInput(4, 9)|}] partial class Net;", "The output needs numbers", "Embedding(64)");

    [Fact]
    public Task A_model_without_a_loss_is_no_block() =>
        Expect.Diagnostics("[Model(PredictionOnly = true), Input(4), Dense(2)] partial class Net; [Model, Input(4), Apply<{|MDSL0030:Net|}>, MeanSquaredError] partial class Other;");

    [Fact]
    public Task A_loss_that_is_not_last() =>
        Expect.Diagnostics("[Model, Input(4), {|MDSL0024:MeanSquaredError|}, Dense(2)] partial class Net;");

    [Fact]
    public Task Two_losses() =>
        Expect.Diagnostics("[Model, Input(4), Dense(2), MeanSquaredError, {|MDSL0025:SoftmaxCrossEntropy|}] partial class Net;");

    [Fact]
    public Task An_input_and_a_loss_in_a_block() =>
        Expect.Diagnostics("[Block, {|MDSL0026:Input(4)|}, Dense(2), MeanSquaredError] partial class Left;");

    [Fact]
    public Task Arguments_behind_a_mistake_are_checked_and_shapes_are_not() => Expect.Diagnostics(
        "[Model, Input(4), Dense({|MDSL0010:0|}), Dropout({|MDSL0010:1.5|}), Reshape(7), Huber(Delta = {|MDSL0010:-1|})] partial class Net;");
}
