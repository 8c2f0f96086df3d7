using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Diagnostics;

/// <summary>Whatever the tensors of a model are called, generated code compiles: that of the model, and what stands in for one with a mistake.</summary>
public class GeneratedNameTests
{
    [Theory]
    [InlineData("Tensor Forward([Input(3)] Tensor @class) => @class.Dense(2);", true)]
    [InlineData("Tensor Forward([Input(3)] Tensor predictions) => predictions.Dense(2);", true)]
    [InlineData("Tensor Forward([Input(3)] Tensor seed, [Input(3)] Tensor device) => (seed * device).Dense(2);", true)]
    [InlineData("Tensor Forward([Input(3)] Tensor samples, [Input(3)] Tensor batch, [Input(3)] Tensor done, [Input(3)] Tensor prediction) => (samples + batch + done + prediction).Dense(2);", true)]
    [InlineData("Tensor Forward([Input(3)] Tensor x, [Input(3)] Tensor X) => (x * X).Dense(2);", true)]
    [InlineData("Tensor Forward([Input(3)] Tensor layout, [Input(3)] Tensor equals) => (layout * equals).Dense(2);", true)]
    [InlineData("Tensor Forward([Input(3)] Tensor toString, [Input(3)] Tensor getHashCode) => (toString * getHashCode).Dense(2);", true)]
    [InlineData("Tensor Forward([Input(3)] Tensor example, [Input(3)] Tensor equalityContract) => (example * equalityContract).Dense(2);", true)]
    [InlineData("(Tensor @for, Tensor @new) Forward([Input(3)] Tensor @in, [Input(2)] Tensor @out) => (@in.Dense(2), @out.Dense(3)); [Loss] Tensor L(Tensor @for, Tensor @new, [Target(1)] Tensor @is) => @for.Sum() * @new.Sum() - @is;", false)]
    [InlineData("(Tensor x, Tensor y) Forward([Input(3)] Tensor x, [Input(2)] Tensor y) => (x.Dense(2), y.Dense(3)); [Loss] Tensor L(Tensor x, Tensor y) => x.Sum() * y.Sum();", false)]
    [InlineData("(Tensor item2, Tensor item1) Forward([Input(3)] Tensor x) => (x.Dense(2), x.Dense(3)); [Loss] Tensor L(Tensor item1, Tensor item2) => item1.Sum() * item2.Sum();", false)]
    [InlineData("(Tensor a, Tensor A) Forward([Input(3)] Tensor x) => (x.Dense(2), x.Dense(3)); [Loss] Tensor L(Tensor a, Tensor A) => a.Sum() * A.Sum();", false)]
    [InlineData("(Tensor, Tensor) Forward([Input(3)] Tensor x) => (x.Dense(2), x.Dense(3)); [Loss] Tensor L(Tensor output1, Tensor output2) => output1.Sum() * output2.Sum();", false)]
    [InlineData("readonly B parameters = new(); readonly B states = new(); Tensor Forward([Input(2)] Tensor x) => x.Apply(parameters).Apply(states); [Loss(Trains = nameof(parameters))] Tensor Forwards(Tensor output) => output.Square(); [Loss(Trains = nameof(states))] Tensor Predict(Tensor output) => output.Abs();", false)]
    [InlineData("readonly B @base = new(); readonly B @event = new(); Tensor Forward([Input(2)] Tensor x) => x.Apply(@base).Apply(@event); [Loss(Trains = nameof(@base))] Tensor A(Tensor output) => output.Square(); [Loss(Trains = nameof(@event))] Tensor @for(Tensor x, Tensor output) => x * output.Abs();", false)]
    [InlineData("[Weight(3)] partial Tensor @long { get; } [Weight(3)] partial Tensor Dense1 { get; } Tensor Forward([Input(3)] Tensor dense2) => (dense2 * @long * Dense1).Dense(2).Dense(2, name: \"while\");", true)]
    [InlineData("Tensor Forward([Input(3)] Tensor loss, [Input(3)] Tensor output) => (loss * output).Dense(2).Dense(2, name: \"input\").Dense(2, name: \"target\").Dense(3, name: \"n\").Dense(4, name: \"step\");", true)]
    [InlineData("Tensor Forward([Input(3)] Tensor a_1, [Input(3)] Tensor A1) => (a_1 * A1).Dense(2);", true)]
    public async Task Generated_code_compiles(string members, bool hasLossAttribute)
    {
        var failures = new List<string>();
        foreach (var (what, source) in new[] { ("right", members), ("wrong", members + " Tensor Other(Tensor t) => t;") })
        {
            var isWrong = what == "wrong";
            var model = $"[Block, Dense(2)] partial class B; [Model{(hasLossAttribute ? ", MeanSquaredError" : "")}] partial class Net {{ {(isWrong ? source.Replace(".Dense(2)", ".Dense(0)", StringComparison.Ordinal).Replace("output.Square()", "output.Sum(9)", StringComparison.Ordinal) : source)} }}";
            var found = (await Expect.Report([model])).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            var other = found.Where(diagnostic => !isWrong || diagnostic.Location.SourceTree?.FilePath != "Test0.cs").ToList();
            if (other.Count > 0) failures.Add($"{what}: {string.Join("\n", other)}");
            if (isWrong && found.Count == 0) failures.Add("the wrong one is accepted");
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [Fact]
    public Task Two_losses_whose_steps_would_have_one_name() => Expect.Message(
        """
        [Block, Dense(2)] partial class B;
        [Model] partial class Net
        {
            readonly B left = new(); readonly B right = new();
            Tensor Forward([Input(2)] Tensor x) => x.Apply(left).Apply(right);
            [Loss(Trains = nameof(left))] Tensor Own(Tensor output) => output.Square();
            [Loss(Trains = nameof(right))] Tensor {|MDSL0060:own|}(Tensor output) => output.Abs();
        }
        """,
        "BackwardOwn");
}
