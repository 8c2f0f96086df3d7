using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

/// <summary>
/// A 2-2-1 network worked out by hand. Two samples, relu, mean squared error:
/// <code>
/// W1 = [1 2; −1 1]  b1 = [0, 1]     x = (1, 1)            (2, −1)
/// W2 = [3 −2]       b2 = [1]        z = (3, 1)            (0, −2)
///                                   h = (3, 1)            (0, 0)          relu'(0) = 0
///                                   y = 9 − 2 + 1 = 8     1
/// t = 6, 3                          y − t = 2             −2
/// loss = (4 + 4) / 2 = 4            dy = 2·2/2 = 2        −2
/// dW2 = 2·(3, 1) − 2·(0, 0) = (6, 2)      db2 = 2 − 2 = 0
/// dh = 2·(3, −2) = (6, −4)          dz = (6, −4)          (0, 0)
/// dW1 = [6·(1, 1); −4·(1, 1)] = [6 6; −4 −4]      db1 = (6, −4)
/// </code>
/// </summary>
public class WorkedExampleTests
{
    [Fact]
    public void Two_two_one()
    {
        var model = new SpecBuilder().Input(2).Dense(2).Layer("Relu").Dense(1).Layer("MeanSquaredError").Lower();
        var graph = Simplifier.AfterGradients(Differentiation.Differentiate(Simplifier.BeforeGradients(model.Train!), model.Parameters));
        var run = new GraphInterpreter(2)
        {
            Parameters = new() { ["dense1.weight"] = [1, 2, -1, 1], ["dense1.bias"] = [0, 1], ["dense2.weight"] = [3, -2], ["dense2.bias"] = [1] },
            Columns = new() { [0] = [1, 1, 2, -1], [1] = [6, 3] },
        };
        Assert.Equal([8, 1], run.Run(graph, RootKind.Output));
        Assert.Equal([4], run.Run(graph, RootKind.Loss));
        Assert.Equal([6, 6, -4, -4], run.Run(graph, RootKind.Gradient, "dense1.weight"));
        Assert.Equal([6, -4], run.Run(graph, RootKind.Gradient, "dense1.bias"));
        Assert.Equal([6, 2], run.Run(graph, RootKind.Gradient, "dense2.weight"));
        Assert.Equal([0], run.Run(graph, RootKind.Gradient, "dense2.bias"));
    }
}
