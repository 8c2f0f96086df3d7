using System.Text.Json;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Forward;

/// <summary>Recurrences: one set of weights, a step per position.</summary>
public class RecurrenceTests
{
    private const string Lstm =
        """
        [Model, MeanSquaredError] partial class Net
        {
            private static Tensor Forward([Input(5, 4)] Tensor x) => x.Scan((Tensor.Zeros(3), Tensor.Zeros(3)), (state, x) =>
            {
                var (h, c) = state;
                var gates = x.Dense(12) + h.Dense(12);
                c = gates.Slice(3, 3, 0).Sigmoid() * c + gates.Slice(0, 3, 0).Sigmoid() * gates.Slice(6, 3, 0).Tanh();
                h = gates.Slice(9, 3, 0).Sigmoid() * c.Tanh();
                return ((h, c), h);
            });
        }
        """;

    [Fact]
    public void An_LSTM_is_that_of_PyTorch()
    {
        var vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "recurrence.json"))).RootElement;
        var model = Read.Model(Lstm);
        Assert.Equal(["scan1.dense1.weight [12, 4]", "scan1.dense1.bias [12]", "scan1.dense2.weight [12, 3]", "scan1.dense2.bias [12]"], model.Weights());
        GraphInterpreter Run() => new(vectors.GetProperty("n").GetInt32())
        {
            Parameters = vectors.GetProperty("parameters").EnumerateObject().ToDictionary(item => item.Name, item => Numbers(item.Value)),
            Columns = new() { [0] = Numbers(vectors.GetProperty("input")), [1] = Numbers(vectors.GetProperty("target")) },
        };

        FiniteDifferences.AssertClose(Numbers(vectors.GetProperty("output")), Run().Run(model.Train!, RootKind.Output), "output as it was written", 1e-12);
        var train = ModelCompiler.Differentiate(model);
        FiniteDifferences.AssertClose(Numbers(vectors.GetProperty("output")), Run().Run(train, RootKind.Output), "output", 1e-12);
        FiniteDifferences.AssertClose([vectors.GetProperty("loss").GetDouble()], Run().Run(train, RootKind.Loss), "loss", 1e-12);
        foreach (var gradient in vectors.GetProperty("gradients").EnumerateObject())
        {
            FiniteDifferences.AssertClose(Numbers(gradient.Value), Run().Run(train, RootKind.Gradient, gradient.Name), gradient.Name, 1e-11);
        }

        GradientCheck.Run(model);
    }

    [Fact]
    public void Each_step_has_the_weights_of_the_first_and_those_from_outside_keep_their_names()
    {
        var model = Read.Model(
            """
            [Block, Dense(4), Tanh] partial class Cell;
            [Model, MeanSquaredError] partial class Net
            {
                private readonly Cell cell = new();
                [Weight(4)] private static partial Tensor Start { get; }
                [Weight(4)] private static partial Tensor Scale { get; }

                private Tensor Forward([Input(3, 4)] Tensor x)
                {
                    var outside = new Cell();
                    var last = x.Dense(4);
                    var steps = x.Scan(Start, (h, x) =>
                    {
                        last = Scale * h.Apply(cell) + x.Apply(outside) + x.Apply(new Cell());
                        return (last, last.Dense(2));
                    });
                    return Tensor.Concat(steps.Flatten(), last.Apply(cell));
                }
            }
            """);
        Assert.Equal(
            ["cell.dense1.weight", "cell1.dense1.weight", "dense1.weight", "scale", "scan1.cell1.dense1.weight", "scan1.dense1.weight", "start"],
            model.Parameters.Select(parameter => parameter.Name).Where(name => !name.EndsWith(".bias", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        GradientCheck.Run(model);
    }

    [Fact]
    public void Padding_leaves_the_state_as_it_is()
    {
        var model = Read.Model(
            """
            [Model, MeanSquaredError] partial class Net
            {
                private static Tensor Forward([TokenInput(5, 4, Padding = 0)] Tensor tokens) =>
                    tokens.Embedding(3).Scan(Tensor.Zeros(3), (h, x) => { var next = (h.Dense(3) + x).Tanh(); return (next, next); })[^1];
            }
            """);
        GradientCheck.Run(model);
        var data = new ModelData(model, 2);
        double[] Last(params double[] tokens)
        {
            data.Columns[0] = tokens;
            return model.Output(data);
        }

        var short1 = Last(2, 1, 3, 0, 0, 1, 1, 1, 0, 0);
        Assert.Equal(short1, Last(2, 1, 3, 0, 0, 1, 1, 0, 1, 0));
        Assert.NotEqual(short1[..3], Last(2, 1, 1, 0, 0, 1, 1, 1, 0, 0)[..3]);
    }

    [Theory]
    [InlineData("=> x.{|MDSL0011:Scan(x, (h, x) => (x, x))|};", "3")]
    [InlineData("=> x.{|MDSL0090:Scan(Tensor.Zeros(2), (h, x) => (h, x.BatchNorm()))|};", "5, 2")]
    [InlineData("{ var sum = Tensor.Zeros(2); var y = x.{|MDSL0091:Scan(Tensor.Zeros(2), (h, x) => { sum = sum + x; return (h, x); })|}; return y + sum; }", "5, 2")]
    [InlineData("{ var count = 0; var y = x.{|MDSL0091:Scan(Tensor.Zeros(2), (h, x) => { count++; return (h, x); })|}; return y * count; }", "5, 2")]
    [InlineData("=> x.{|MDSL0052:Scan(Tensor.Zeros(2), (h, x) => (x.Dense(3), x))|};", "5, 2")]
    [InlineData("=> x.Scan(Tensor.{|MDSL0010:Zeros(0)|}, (h, x) => (h, x));", "5, 2")]
    [InlineData("=> x.Scan(Tensor.Zeros(2), {|MDSL0051:Step|}); private static (Tensor, Tensor) Step(Tensor h, Tensor x) => (h, x);", "5, 2")]
    [InlineData("=> x.Scan(Tensor.Zeros(2), (h, x) => (h + x[{|MDSL0010:5|}], x));", "5, 2")]
    public Task Mistakes(string body, string shape) => Expect.Diagnostics(
        $"[Model, Input({shape}), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) {body} }}");

    private static double[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetDouble())];
}
