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
    /// <summary>If no launches were joined or moved, they would have 20, 39 and 316.</summary>
    [Theory]
    [InlineData(ClassifierNetworks.Mlp, "Net", 9)]
    [InlineData(ClassifierNetworks.Cnn, "Net", 18)]
    [InlineData(ImageNetworks.Blocks + ImageNetworks.Whole, "ResNet18", 131)]
    public void On_cuda_a_training_step_on_128_samples_has_few_launches(string source, string name, int expected) =>
        Assert.Equal(expected, Plan(source, name).Count(launch => launch.When.TensorCores is not true && launch.When.JoinsKernels is not false && launch.When.From <= 128 && launch.When.Below is not <= 128));

    [Fact]
    public void The_groups_of_a_joint_kernel_are_those_of_its_parts()
    {
        var launch = Plan(ClassifierNetworks.Mlp).Single(launch => launch.Kernel.Name == "Dense1WeightGradientSumAndDense1BiasGradientSum");

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
        Assert.Equal(6, launch.Kernel.Main.Body.SelectMany(Calls).Count());
        Assert.Equal(2, launch.Kernel.Tiles.Count);
    }

    [Fact]
    public void Parts_with_barriers_use_the_same_shared_memory()
    {
        var launch = Plan(ClassifierNetworks.Mlp).Single(launch => launch.Kernel.Name == "Dense2GradientAndOthers");
        var shared = launch.Kernel.Main.Body.SkipLast(1).Select(statement => Assert.IsType<DeclareArray>(statement).Buffer).ToArray();
        Assert.Equal([BufferElement.Quad, BufferElement.Quad, BufferElement.Float], shared.Select(buffer => buffer.Element));
        var calls = Calls(launch.Kernel.Main.Body[^1]).ToArray();
        Assert.Equal(3, calls.Length);
        Assert.All(calls.Take(2), call => Assert.Equal(shared[..2], call.Buffers.Select(buffer => buffer.Buffer).TakeLast(2)));
        Assert.Equal(shared[2], calls[2].Buffers[^1].Buffer);
    }

    [Fact]
    public void Threads_that_a_part_does_not_have_store_nothing()
    {
        var launch = Plan(ClassifierNetworks.Mlp).Single(launch => launch.Kernel.Name == "Dense2GradientAndOthers");
        Assert.Equal(256, ((ThreadGroups)launch.Kernel.Partition).Threads);

        // The gradient of the weights [128, 10] has blocks of 64 rows and 16 columns, and 16 results per thread.
        var part = Calls(launch.Kernel.Main.Body[^1]).Single(call => call.Function.Name.EndsWith("Part2", StringComparison.Ordinal)).Function;
        Assert.Equal("min(thread, 63)", Assert.IsType<DeclareIndex>(part.Body[0]).Value.ToString());
        Assert.Empty(Stores(part.Body));
        Assert.Empty(Verified(launch));

        static IEnumerable<Statement> Stores(IReadOnlyList<Statement> body) => body.SelectMany(statement => statement switch
        {
            StoreScalar or StoreQuad or Call => [statement],
            If either when either.Conditions.Any(condition => condition.Left == ThreadGroups.Thread) => [],
            If either => Stores(either.Then).Concat(Stores(either.Else)),
            Loop loop => Stores(loop.Body),
            _ => Array.Empty<Statement>(),
        });
    }

    [Fact]
    public void On_other_devices_parts_with_barriers_have_launches_of_their_own()
    {
        var launches = Plan(ClassifierNetworks.Mlp);
        var joint = launches.Single(launch => launch.Kernel.Name == "Dense2GradientAndOthers");
        Assert.True(joint.When.JoinsKernels);
        string[] names = ["Dense2Gradient", "Dense3WeightGradient", "Dense3BiasGradient"];
        Launch[] parts = [.. names.Select(name => launches.Single(launch => launch.Kernel.Name == name))];
        Assert.All(parts, part => Assert.False(part.When.JoinsKernels));
        Assert.Equal(joint.Buffers.ToHashSet(), parts.SelectMany(part => part.Buffers).ToHashSet());
        Assert.All(
            launches.Where(launch => launch.When.JoinsKernels is not true && launch.Kernel.Main.Body.Any(statement => statement is DeclareArray)),
            launch => Assert.False(launch.Kernel.Main.Body[^1] is If { Then: [Call] }, launch.Kernel.Name));
    }

    [Fact]
    public void The_first_gradient_shares_the_launch_of_the_loss()
    {
        var launches = ModelCompiler.Plan(Read.Spec(ClassifierNetworks.Mlp)).PlansFor(IlgpuTarget.Instance).Training[0].Parts[0].Phases[^1].Launches;
        Assert.Equal(["LossAndDense3Gradient"], launches.Where(launch => launch.When.JoinsKernels is not false).Select(launch => launch.Kernel.Name));
    }

    [Fact]
    public void Launches_that_are_joined_move_together()
    {
        var launches = Plan(ClassifierNetworks.Cnn).Where(launch => launch.When.JoinsKernels is not false).ToArray();
        var later = launches.Single(launch => launch.Kernel.Name == "Conv2D2GradientAndOthers");
        Assert.Superset(new HashSet<string> { "conv2D3WeightGradientPartials", "conv2D3BiasGradientPartials" }, later.Buffers.Select(storage => storage.Name).ToHashSet());
    }

    [Fact]
    public void A_kernel_that_is_chosen_at_the_launch_is_joined_in_each_case()
    {
        var launches = Plan(ClassifierNetworks.Mlp).Where(launch => launch.When.JoinsKernels is not false && launch.Kernel.Name.StartsWith("Dense2Gradient", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["Dense2GradientAndOthers", "Dense2GradientWideAndOthers"], launches.Select(launch => launch.Kernel.Name));
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
        var launch = Plan(ClassifierNetworks.Mlp).Single(launch => launch.Kernel.Name == "Dense1WeightGradientSumAndDense1BiasGradientSum");
        var either = (If)launch.Kernel.Main.Body[0];
        Statement early = either with { Conditions = [Condition.Less(ThreadGroups.Group, 700)] };
        Assert.Empty(Verified(launch));
        Assert.Contains("an access is at", Verified(launch with { Kernel = launch.Kernel with { Main = launch.Kernel.Main with { Body = [early] } } })[0], StringComparison.Ordinal);
    }

    private static IEnumerable<Call> Calls(Statement statement) => statement is If either ? either.Then.Concat(either.Else).SelectMany(Calls) : [Assert.IsType<Call>(statement)];

    private static string[] Verified(Launch launch) => [.. Generator.Loops.Verification.KernelVerifier.Mistakes(launch)];

    private static Launch[] Plan(string source, string name = "Net") =>
        [.. ModelCompiler.Plan(Read.Spec(source, name)).PlansFor(IlgpuTarget.Instance).Training[0].Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches)];
}
