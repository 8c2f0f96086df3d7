using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Networks;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>Kernels for GPUs that do not depend on each other share a launch. What joint kernels compute is tested with the models of the corpus, on which all kernels are run.</summary>
public class JointLaunchTests
{
    private const string Mlp = "[Model, Input(784), Dense(256), Relu, Dense(128), Relu, Dense(10), SoftmaxCrossEntropy] public partial class Net;";

    private const string Cnn =
        "[Model, Input(32, 32, 3), Conv2D(32, 3), Relu, MaxPool2D(2), Conv2D(64, 3), Relu, MaxPool2D(2), Conv2D(64, 3), Relu, Flatten, Dense(64), Relu, Dense(10), SoftmaxCrossEntropy] public partial class Net;";

    /// <summary>Without joint launches they would have 20, 39 and 316.</summary>
    [Theory]
    [InlineData(Mlp, "Net", 17)]
    [InlineData(Cnn, "Net", 31)]
    [InlineData(ImageNetworks.Blocks + ImageNetworks.Whole, "ResNet18", 248)]
    public void A_training_step_on_128_samples_has_few_launches(string source, string name, int expected) =>
        Assert.Equal(expected, Plan(source, name).Count(launch => launch.When.TensorCores is not true && launch.When.From <= 128 && launch.When.Below is not <= 128));

    [Fact]
    public void The_groups_of_a_joint_kernel_are_those_of_its_parts()
    {
        var launch = Plan(Mlp).Single(launch => launch.Kernel.Name == "Dense1WeightGradientSumAndDense1BiasGradientSum");

        // 256 · 784 weights and 256 biases, one for each thread.
        Assert.Equal(new ThreadGroups(784 + 1, 256), launch.Kernel.Partition);
        var either = Assert.IsType<If>(Assert.Single(launch.Kernel.Main.Body));
        Assert.Equal("[group < 784]", $"[{string.Join(", ", either.Conditions)}]");
        Assert.Equal(["n, group, thread", "n, group - 784, thread"], new[] { either.Then, either.Else }.Select(body => string.Join(", ", Assert.IsType<Call>(Assert.Single(body)).Integers)));
        Assert.Equal(2, launch.Kernel.Tiles.Count);
    }

    [Fact]
    public void Equal_kernels_are_one_function()
    {
        var launch = Plan("[Model, Input(16), BatchNorm, Dense(16), BatchNorm, Dense(16), BatchNorm, Dense(1), MeanSquaredError] public partial class Net;")
            .Last(launch => launch.Kernel.Name.StartsWith("BatchNorm1Running", StringComparison.Ordinal));
        // Mean and variance of three layers.
        Assert.Equal(6, launch.Kernel.Main.Body.Sum(Calls));
        Assert.Equal(2, launch.Kernel.Tiles.Count);

        static int Calls(Statement statement) => statement is If either ? either.Then.Concat(either.Else).Sum(Calls) : 1;
    }

    /// <summary>PoCL 3.1 computes wrong sums if a barrier is within a condition.</summary>
    [Fact]
    public void Kernels_with_barriers_have_launches_of_their_own() =>
        Assert.All(
            Plan(Cnn).SelectMany(launch => launch.Kernel.Tiles.Where(tile => tile.Integers.Contains(ThreadGroups.Thread))),
            part => Assert.DoesNotContain(part.Body, statement => statement is SharedMemory or GroupBarrier));

    /// <summary>The verifier looks at the first and the last groups of each part.</summary>
    [Fact]
    public void A_part_that_begins_in_the_wrong_group_is_a_mistake()
    {
        var launch = Plan(Mlp).Single(launch => launch.Kernel.Name == "Dense1WeightGradientSumAndDense1BiasGradientSum");
        var either = (If)launch.Kernel.Main.Body[0];
        Statement early = either with { Conditions = [Condition.Less(ThreadGroups.Group, 700)] };
        Assert.Empty(Verified(launch));
        Assert.Contains("an access is at", Verified(launch with { Kernel = launch.Kernel with { Main = launch.Kernel.Main with { Body = [early] } } })[0], StringComparison.Ordinal);
    }

    private static string[] Verified(Launch launch) => [.. Generator.Loops.Verification.KernelVerifier.Mistakes(launch)];

    private static Launch[] Plan(string source, string name = "Net") =>
        [.. ModelCompiler.Plan(Read.Spec(source, name)).PlansFor(IlgpuTarget.Instance).Training[0].Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches)];
}
