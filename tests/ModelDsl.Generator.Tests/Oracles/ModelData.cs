using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Random parameters and columns for a lowered model.</summary>
internal sealed class ModelData
{
    public ModelData(LoweredModel model, int n, int seed = 1)
    {
        var random = new Random(seed);
        N = n;
        foreach (var parameter in model.Parameters)
        {
            // A running variance is positive, and to a running mean it does not matter.
            Parameters[parameter.Name] = [.. Enumerable.Range(0, parameter.Shape.Length).Select(_ =>
                parameter is StateNode ? 0.5 + random.NextDouble() : (random.NextDouble() * 2) - 1)];
        }

        foreach (var column in model.Inputs.Concat(model.Targets).Select(column => column.Node))
        {
            Columns[column.Column] = [.. Enumerable.Range(0, n * column.Shape.Length).Select(_ =>
                column.Type == ElementType.Int ? Generated.Sample.Id(column, random) : random.NextDouble())];
        }
    }

    public int N { get; }

    public Dictionary<string, double[]> Parameters { get; } = [];

    public Dictionary<int, double[]> Columns { get; } = [];

    /// <param name="stopped">Where stopped gradients are kept from run to run.</param>
    public GraphInterpreter Interpreter(Dictionary<Node, double[]>? stopped = null) => new(N) { Parameters = Parameters, Columns = Columns, Stopped = stopped };
}
