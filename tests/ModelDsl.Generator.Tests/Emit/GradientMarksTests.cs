using System.Globalization;
using System.Text.RegularExpressions;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>The backward pass marks from where on gradients are final. Tests of the runtime check the marks against the gradients.</summary>
public partial class GradientMarksTests
{
    [Fact]
    public void Marks_follow_barriers_and_each_other_from_the_last_gradient_to_the_first()
    {
        var steps = Steps("Input(256), Dense(256), Relu, Dense(256), Relu, Dense(256), Relu, Dense(10)");
        var marks = Mark().Matches(steps).Select(static mark => (From: Number(mark, "from"), To: Number(mark, "to"))).ToArray();
        Assert.True(marks.Length >= 2, steps);
        Assert.Equal(marks.Skip(1).Select(static mark => mark.To), marks.SkipLast(1).Select(static mark => mark.From));

        // Three layers of 256 · 256 weights and 256 biases, and panels of 32 columns with 10 outputs.
        Assert.Equal((3 * 257 * 256) + (256 * 32) + 16, marks[0].To);
        Assert.All(marks, static mark => Assert.Equal(0, mark.From % 16));
        Assert.Equal(marks.Length, BarrierAndMark().Count(steps));
    }

    [Fact]
    public void Small_models_and_predictions_have_none()
    {
        Assert.DoesNotContain("GradientsCompleted", Steps("Input(16), Dense(16), Relu, Dense(10)"), StringComparison.Ordinal);
        var steps = Steps("Input(256), Dense(256), Relu, Dense(256), Relu, Dense(256), Relu, Dense(10)");
        Assert.DoesNotContain("GradientsCompleted", steps[steps.IndexOf("void Infer(", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private static string Steps(string layers) =>
        Generation.Of($"namespace Company; [Model, {layers}, SoftmaxCrossEntropy] public partial class Net;").Files["Company.Net.Steps.g.cs"];

    private static int Number(Match mark, string group) => int.Parse(mark.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"GradientsCompleted\(worker, (?<from>\d+), (?<to>\d+)\);")]
    private static partial Regex Mark();

    [GeneratedRegex(@"worker\.Barrier\(\);\n\s+GradientsCompleted\(")]
    private static partial Regex BarrierAndMark();
}
