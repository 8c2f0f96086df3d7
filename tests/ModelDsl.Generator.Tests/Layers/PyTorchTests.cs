using System.Text.Json;
using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>Layers and losses against the values and gradients PyTorch gave: tests/vectors/layers.py.</summary>
public class PyTorchTests
{
    private static readonly Dictionary<string, JsonElement> Cases =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "layers.json"))).RootElement.EnumerateArray()
            .ToDictionary(item => item.GetProperty("name").GetString()!);

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Agrees_with_PyTorch(string name)
    {
        var vectors = Cases[name];
        var model = Build(vectors);
        Assert.Empty(model.Problems);
        var parameters = vectors.GetProperty("parameters").EnumerateObject().ToDictionary(item => item.Name, item => Numbers(item.Value));
        Take("initialStates", vectors);
        Assert.Equal(parameters.Keys.Order(), model.Parameters.Select(parameter => parameter.Name).Order());
        var input = Numbers(vectors.GetProperty("input"));
        GraphInterpreter Run() => new(vectors.GetProperty("n").GetInt32())
        {
            Parameters = parameters,
            Columns = new() { [0] = input, [1] = Numbers(vectors.GetProperty("target")), [2] = vectors.TryGetProperty("weights", out var weights) ? Numbers(weights) : [] },
        };

        var train = Simplifier.AfterGradients(Differentiation.Differentiate(Simplifier.BeforeGradients(model.Train!), model.Parameters));
        FiniteDifferences.AssertClose(Numbers(vectors.GetProperty("output")), Run().Run(train, RootKind.Output), "output", 1e-12);
        FiniteDifferences.AssertClose([vectors.GetProperty("loss").GetDouble()], Run().Run(train, RootKind.Loss), "loss", 1e-12);
        foreach (var gradient in vectors.GetProperty("gradients").EnumerateObject())
        {
            FiniteDifferences.AssertClose(Numbers(gradient.Value), Run().Run(train, RootKind.Gradient, gradient.Name), gradient.Name, 1e-11);
        }

        var infer = Simplifier.AfterGradients(model.Infer!);
        if (vectors.TryGetProperty("states", out _))
        {
            Moves(vectors);
            FiniteDifferences.AssertClose(Numbers(vectors.GetProperty("inference")), Run().Run(infer, RootKind.Output), "inference", 1e-12);
            foreach (var step in vectors.GetProperty("steps").EnumerateArray())
            {
                input = Numbers(step.GetProperty("input"));
                Moves(step);
            }

            return;
        }

        FiniteDifferences.AssertClose(Numbers(vectors.GetProperty("link")), Run().Run(infer, RootKind.OutputActivation), "link", 1e-12);
        FiniteDifferences.AssertClose([vectors.GetProperty("loss").GetDouble()], Run().Run(infer, RootKind.Loss), "loss", 1e-12);

        // One step from the states there are, which become PyTorch's.
        void Moves(JsonElement step)
        {
            foreach (var state in step.GetProperty("states").EnumerateObject())
            {
                FiniteDifferences.AssertClose(Numbers(state.Value), Run().Run(train, RootKind.State, state.Name), state.Name, 1e-12);
            }

            Take("states", step);
        }

        void Take(string what, JsonElement from)
        {
            if (!from.TryGetProperty(what, out var states)) return;
            foreach (var state in states.EnumerateObject()) parameters[state.Name] = Numbers(state.Value);
        }
    }

    private static LoweredModel Build(JsonElement vectors)
    {
        var builder = new SpecBuilder();
        Add(builder, vectors.GetProperty("layers"));
        foreach (var block in vectors.GetProperty("blocks").EnumerateObject()) builder.Block(block.Name, inner => Add(inner, block.Value));
        return builder.Lower();
    }

    private static void Add(SpecBuilder builder, JsonElement layers)
    {
        foreach (var layer in layers.EnumerateArray())
        {
            builder.Composite(
                layer.GetProperty("kind").GetString()!,
                [.. layer.GetProperty("blocks").EnumerateArray().Select(block => block.GetString()!)],
                [.. layer.GetProperty("arguments").EnumerateObject().Select(argument => (argument.Name, argument.Name == "classWeights" ? Numbers(argument.Value).ToEquatableArray() : Value(argument.Value)))]);
        }
    }

    private static object Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => new EquatableArray<int>([.. value.EnumerateArray().Select(item => item.GetInt32())]),
        _ => value.TryGetInt32(out var integer) ? integer : value.GetDouble(),
    };

    private static double[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetDouble())];
}
