using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Layers;

public class LoweringTests
{
    [Fact]
    public void The_gradient_of_a_perceptron_reads_as_it_would_be_written_by_hand()
    {
        var model = new SpecBuilder().Input(4).Dense(3).Layer("Relu").Dense(2).Layer("SoftmaxCrossEntropy").Lower();
        Assert.Empty(model.Problems);
        var text = Printer.Print(Differentiation.Differentiate(model.Train!, model.Parameters));
        Assert.Contains("dense1Gradient [N, 3] = (0 < relu1 ? relu1Gradient : 0)\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "dense1WeightGradient [3, 4] = Σ dense1Gradient(i0, i2) · input(i0, i1) over [N, 4, 3] into (i2, i1)\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("inputGradient", text, StringComparison.Ordinal);
    }
}
