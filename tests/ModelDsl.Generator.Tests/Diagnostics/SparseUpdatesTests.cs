using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>Where the rows that a step must update are not those of one input, sparse updates are an error.</summary>
public class SparseUpdatesTests
{
    [Theory]
    [InlineData(
        "[Model, MeanSquaredError] partial class Net { static Tensor Forward([TokenInput(6, 5)] Tensor x) => x.Slice(1, 3).Embedding(4, sparseUpdates: {|MDSL0010:true|}); }",
        "false for tokens that are not an input themselves")]
    [InlineData(
        "[Block, Embedding(4, SparseUpdates = {|MDSL0010:true|})] partial class Words; [Model, MeanSquaredError] partial class Net { static readonly Words words = new(); static Tensor Forward([TokenInput(6, 5)] Tensor x, [TokenInput(6, 5)] Tensor y) => x.Apply(words) + y.Apply(words); }",
        "false in a block that is applied more than once")]
    [InlineData(
        "[Block, Embedding(4, SparseUpdates = {|MDSL0010:true|}), Flatten, Dense(2)] partial class Left; [Block, Dense(2)] partial class Right; [Model] partial class Net { static readonly Left left = new(); static readonly Right right = new(); static (Tensor a, Tensor b) Forward([TokenInput(6, 5)] Tensor x) { var y = x.Apply(left); return (y, y.Apply(right)); } [Loss(Trains = nameof(left))] static Tensor A(Tensor a, [Target(2)] Tensor u) => a.MeanSquaredError(u); [Loss(Trains = nameof(right))] static Tensor B(Tensor b, [Target(2)] Tensor v) => b.MeanSquaredError(v); }",
        "false in a model with several losses")]
    public Task It_is_one_error(string source, string message) => Expect.Message(source, message);
}
