using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Incrementality;

/// <summary>
/// What a pass costs grows with the number of layers and not with its square. Bytes allocated are counted: unlike times they are the same on every machine.
/// </summary>
public class GrowthTests
{
    private const int Layers = 40;

    public static TheoryData<string, Func<int, Action>> Passes => new()
    {
        { "lower", layers => () => Lowering.Lower(Deep(layers)) },
        { "place parameters", layers =>
            {
                var model = ModelCompiler.Plan(Deep(layers));
                return () => ParameterPlan.Create(model.Lowered.Parameters, [model.TrainingGraphs[0].Graph, model.InferGraph.Graph]);
            }
        },
        { "place buffers", layers =>
            {
                var parts = ModelCompiler.Plan(Deep(layers)).Train.Parts;
                return () => ArenaPlanner.Plan(parts, []);
            }
        },
        { "fuse", layers =>
            {
                var graph = ModelCompiler.Differentiate(Lowering.Lower(Deep(layers)));
                return () => Fuser.Fuse(graph, PlanParts.OfTraining);
            }
        },
        { "everything", layers => () => ModelCompiler.Compile(Deep(layers)) },
    };

    [Theory]
    [MemberData(nameof(Passes))]
    public void Four_times_as_many_layers_cost_four_times_as_much(string pass, Func<int, Action> prepare)
    {
        var (few, many) = (Allocated(prepare(Layers)), Allocated(prepare(4 * Layers)));
        Assert.True(many < 5 * few, $"{pass}: {few:N0} bytes for {Layers} layers, {many:N0} for {4 * Layers}.");
    }

    private static ModelSpec Deep(int layers)
    {
        var builder = new SpecBuilder().Input(8);
        for (var i = 0; i < layers; i++) builder.Dense(8).Layer("LayerNorm").Layer("Relu");
        return builder.Layer("MeanSquaredError").Build();
    }

    private static long Allocated(Action run)
    {
        run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
