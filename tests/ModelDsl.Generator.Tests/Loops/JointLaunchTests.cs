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

    /// <summary>If no launches were joined or moved, they would have 20, 39 and 316.</summary>
    [Theory]
    [InlineData(Mlp, "Net", 11)]
    [InlineData(Cnn, "Net", 22)]
    [InlineData(ImageNetworks.Blocks + ImageNetworks.Whole, "ResNet18", 132)]
    public void On_cuda_a_training_step_on_128_samples_has_few_launches(string source, string name, int expected) =>
        Assert.Equal(expected, Plan(source, name).Count(launch => launch.When.TensorCores is not true && launch.When.JoinsKernels is not false && launch.When.From <= 128 && launch.When.Below is not <= 128));

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

    [Fact]
    public void Parts_with_barriers_use_the_same_shared_memory()
    {
        var launch = Plan(Cnn).Single(launch => launch.Kernel.Name == "Conv2D3WeightGradientAndConv2D3BiasGradient");
        var either = Assert.IsType<If>(launch.Kernel.Main.Body[^1]);
        var shared = launch.Kernel.Main.Body.SkipLast(1).Select(statement => Assert.IsType<SharedMemory>(statement).Buffer).ToArray();
        Assert.Equal([BufferElement.Quad, BufferElement.Quad, BufferElement.Float], shared.Select(buffer => buffer.Element));
        Assert.Equal(shared[..2], Arguments(either.Then).TakeLast(2));
        Assert.Equal(shared[2..], Arguments(either.Else).TakeLast(1));

        static IEnumerable<Generator.Loops.Buffer> Arguments(IReadOnlyList<Statement> body) => Assert.IsType<Call>(Assert.Single(body)).Buffers.Select(buffer => buffer.Buffer);
    }

    [Fact]
    public void On_other_devices_parts_with_barriers_have_launches_of_their_own()
    {
        var launches = Plan(Cnn);
        var joint = launches.Single(launch => launch.Kernel.Name == "Conv2D3WeightGradientAndConv2D3BiasGradient");
        Assert.Equal(true, joint.When.JoinsKernels);
        Launch[] parts = [.. new[] { "Conv2D3WeightGradient", "Conv2D3BiasGradient" }.Select(name => launches.Single(launch => launch.Kernel.Name == name))];
        Assert.All(parts, part => Assert.Equal(false, part.When.JoinsKernels));
        Assert.Equal(joint.Buffers.ToHashSet(), parts.SelectMany(part => part.Buffers).ToHashSet());
        Assert.All(launches, launch => Assert.True(
            launch.When.JoinsKernels == true || launch.Kernel.Main.Body is not [.., If { Then: [Call] }] || !launch.Kernel.Main.Body.Any(statement => statement is SharedMemory), launch.Kernel.Name));
    }

    [Fact]
    public void A_kernel_that_is_chosen_at_the_launch_is_joined_in_each_case()
    {
        var launches = Plan(Mlp).Where(launch => launch.When.JoinsKernels is not false && launch.Kernel.Name.StartsWith("Dense2Gradient", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["Dense2GradientAndDense3BiasGradient", "Dense2GradientWideAndDense3BiasGradient"], launches.Select(launch => launch.Kernel.Name));
        Assert.Equal(launches[0].When.Below, launches[1].When.From);
    }

    [Fact]
    public void Small_sums_are_computed_by_the_kernel_that_reads_them()
    {
        var launches = Plan("[Model, Input(32, 32, 3), Conv2D(8, 3), BatchNorm, Relu, Flatten, Dense(1), MeanSquaredError] public partial class Net;");
        var names = launches.Select(launch => launch.Kernel.Name).ToArray();
        Assert.Contains("BatchNorm1MeanSumAndBatchNorm1Factor", names);
        Assert.Contains("BatchNorm1FactorSumAndRelu1", names);
        Assert.DoesNotContain("BatchNorm1MeanSum", names);

        // Kernels with many groups compute them once in each group that a device runs at a time.
        var groups = (ThreadGroups)launches.Single(launch => launch.Kernel.Name == "BatchNorm1FactorSumAndRelu1").Kernel.Partition;
        Assert.Equal("min((n * 7200 + 1023) / 1024, 1024)", groups.Groups.ToString());
    }

    [Fact]
    public void A_gradient_of_weights_runs_later_if_it_then_shares_a_launch()
    {
        var phases = ModelCompiler.Plan(Read.Spec(ImageNetworks.Blocks + ImageNetworks.Whole, "ResNet18")).PlansFor(IlgpuTarget.Instance).Training[0].Parts[1].Phases;
        Assert.DoesNotContain(phases.SelectMany(phase => phase.Launches), launch => launch.When.JoinsKernels is not false && launch.Kernel.Name == "BasicBlock2Conv2D2WeightGradient");
    }

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
