using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>
/// The schedule for devices with groups of threads, without a device: its loop programs are interpreted thread by thread in poisoned memory that watches for races in
/// buffers and in shared memory, and their results are compared with those of the graph.
/// </summary>
public class GroupProgramTests
{
    private const int Bits = 32;

    private static readonly int LargeBatch = 1 << 20;

    public static TheoryData<int> Shares => ModelCorpus.ShareIndices;

    [Theory]
    [MemberData(nameof(Shares))]
    public void Kernels_compute_what_their_graphs_say(int share) =>
        ModelCorpus.Check(ModelCorpus.Share(share), model => Check(model.Plan, model.Batch(1 + (model.Seed % 3)), model.Seed));

    /// <summary>A small kernel of this model updates running statistics, which it reads, and computes means for other kernels.</summary>
    [Fact]
    public void A_kernel_that_reads_what_it_writes_does_not_move_into_others()
    {
        var model = ModelCorpus.All.Single(model => model.Key == "Forward48");
        Check(model.Plan, model.Batch(1 + (model.Seed % 3)), model.Seed);
    }

    [Fact]
    public void Kernels_for_large_batches_have_the_bits_of_those_for_small_ones()
    {
        var model = ModelCompiler.Plan(new SpecBuilder().Input(70).Dense(130).Layer("Relu").Dense(65).Layer("MeanSquaredError").Build());
        var sample = Sample.Random(model.Lowered, n: 5, seed: 1);
        var plan = ModelCompiler.ScheduleForGpu(model.TrainingGraphs[0], model.Parameters, usesTf32: false);
        var launches = plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).ToList();
        Assert.Contains(launches, launch => launch.When.From > sample.N);
        Run(model, plan, sample, batch: null).AssertSameBits(Run(model, plan, sample, LargeBatch), "large batch");
    }

    /// <summary>CUDA runs joint kernels, and other devices run their parts.</summary>
    [Theory]
    [InlineData("Input(70), Dense(33), Relu, Dropout(0.2), Dense(20), Relu, Dense(4), SoftmaxCrossEntropy")]
    [InlineData("Input(8, 8, 3), Conv2D(5, 3), BatchNorm, Relu, MaxPool2D(2), Conv2D(6, 3), Relu, Flatten, Dense(9), Relu, Dense(3), SoftmaxCrossEntropy")]
    [InlineData("Input(6, 8), LayerNorm, SelfAttention(2), LayerNorm, Dense(12), Gelu, Dense(8), Flatten, Dense(3), SoftmaxCrossEntropy")]
    [InlineData("Input(5, 4), Lstm(6), Flatten, Dense(3), SoftmaxCrossEntropy")]
    public void Parts_of_joint_kernels_have_the_bits_of_the_joint_kernels(string layers)
    {
        var model = ModelCompiler.Plan(Read.Spec($"[Model, {layers}] public partial class Net;"));
        var sample = Sample.Random(model.Lowered, n: 3, seed: 1);
        var plan = ModelCompiler.ScheduleForGpu(model.TrainingGraphs[0], model.Parameters, usesTf32: false);
        Assert.Contains(plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches), launch => launch.When.JoinsKernels == true);
        Run(model, plan, sample, batch: null).AssertSameBits(Run(model, plan, sample, batch: null, joinsKernels: false), "parts");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1 << 20)]
    public void Tensor_cores_multiply_factors_with_ten_bits_behind_the_point(int? batch)
    {
        // Small integers are numbers of TF32, and sums of their products exact.
        var spec = new SpecBuilder().Input(40).Dense(70).Dense(36).Layer("MeanSquaredError").Build();
        var model = ModelCompiler.Plan(spec);
        var sample = Sample.Whole(model.Lowered, n: 3, seed: 2);
        var plan = ModelCompiler.ScheduleForGpu(model.InferGraph, model.Parameters, usesTf32: true);
        var launches = plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).ToList();
        Assert.Contains(launches, launch => launch.When.TensorCores == true);
        var without = Run(model, plan, sample, batch);
        without.AssertSameBits(Run(model, plan, sample, batch, hasTensorCores: true), "tensor cores");
    }

    private static void Check(CompiledModel model, int n, int seed)
    {
        var sample = Sample.Random(model.Lowered, n, seed);
        for (var loss = 0; loss < model.TrainingGraphs.Count; loss++)
        {
            var reference = new Reference(model.Lowered, sample, LoopInterpreter.Seed, LoopInterpreter.Number, loss);
            var plan = ModelCompiler.ScheduleForGpu(model.TrainingGraphs[loss], model.Parameters, usesTf32: false);
            reference.AssertTrains(Run(model, plan, sample, batch: null), model.Lowered.Losses[loss].Name);
            if (loss > 0) continue;
            var infer = ModelCompiler.ScheduleForGpu(model.InferGraph, model.Parameters, usesTf32: false);
            reference.AssertInfers(Run(model, infer, sample, batch: null), "inference");
        }
    }

    private static Outcome Run(CompiledModel model, GraphPlan plan, Sample sample, int? batch, bool hasTensorCores = false, bool joinsKernels = true) =>
        PlanRun.Of(model, plan, sample, memory => new LoopInterpreter(plan, memory, Bits, sample.N, isCut: false) { Batch = batch, HasTensorCores = hasTensorCores, JoinsKernels = joinsKernels });
}
