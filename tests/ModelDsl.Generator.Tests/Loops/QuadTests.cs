using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Loops.Verification;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Networks;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>Which kernels for GPUs load and store four numbers at a time, outside the slices of a product, and that they compute what their graphs say.</summary>
public class QuadTests
{
    private static readonly int LargeBatch = 1 << 20;

    /// <summary>Functions that finish sums of products: how many there are for four sums, and for one.</summary>
    [Theory]
    [InlineData(ClassifierNetworks.Mlp, "Net", 17, 4)]
    [InlineData(ClassifierNetworks.Cnn, "Net", 25, 4)]
    [InlineData(ImageNetworks.Blocks + ImageNetworks.Whole, "ResNet18", 105, 0)]
    public void Products_finish_one_sum_at_a_time_only_if_columns_are_no_multiple_of_four(string source, string name, int quads, int singles)
    {
        var finishes = Plan(source, name).SelectMany(launch => launch.Kernel.Tiles).Distinct().Where(tile => tile.Name.EndsWith("Finish", StringComparison.Ordinal)).ToArray();
        foreach (var finish in finishes)
        {
            var accesses = Accesses.In(finish.Body);
            if (finish.Numbers.Count == 1)
            {
                // The condition that the column exists.
                var exists = finish.Body.OfType<If>().Single().Conditions[1];
                Assert.NotEqual(0, exists.Right.Literal % 4);
                Assert.Equal(0, accesses.Quads);
                continue;
            }

            Assert.Equal(4, finish.Numbers.Count);
            Assert.Equal(0, accesses.SingleStores);
            Assert.Equal(0, accesses.SingleLoadsOf("columnQuad"));
            Assert.NotEqual(0, accesses.Quads);
        }

        Assert.Equal((quads, singles), (finishes.Count(finish => finish.Numbers.Count == 4), finishes.Count(finish => finish.Numbers.Count == 1)));
    }

    /// <summary>Results of a slice that is not aligned, and operands of one, are stored and loaded one at a time.</summary>
    [Theory]
    [InlineData("Wide, Narrow, Narrow", 0)]
    [InlineData("Narrow, Wide, Narrow", 4)]
    [InlineData("Wide, Narrow", 4)]
    public void A_slice_that_is_not_aligned_has_no_quads(string parts, int singles)
    {
        const string Blocks = "[Block, Dense(6)] internal sealed partial class Narrow; [Block, Dense(8)] internal sealed partial class Wide;";
        var finishes = Plan($"{Blocks} [Model, Input(8), Parallel<{parts}>(Merge.Concat), Dense(3), MeanSquaredError] public partial class Net;", "Net", infer: true)
            .Where(launch => launch.When.JoinsKernels is not false).SelectMany(launch => launch.Kernel.Tiles).Where(tile => tile.Numbers.Count == 4).ToArray();
        Assert.Single(finishes);
        Assert.Equal(singles, finishes.Sum(finish => Accesses.In(finish.Body).SingleStores));
    }

    [Theory]
    [InlineData("Input(6, 8), Dense(12), Relu, Dropout(0.3), Dense(4), MeanSquaredError")]
    [InlineData("Input(70), Dense(132), Gelu, Dense(68), Tanh, Dense(8), MeanSquaredError")]
    [InlineData("Input(7, 6, 4), Conv2D(8, 3, Stride = 2, Padding = Padding.Same), BatchNorm, Relu, Conv2D(12, 2), Sigmoid, MaxPool2D(2), Flatten, Dense(4), SoftmaxCrossEntropy")]
    [InlineData("Input(3, 2, 4), ConvTranspose2D(8, 3, Stride = 2), Relu, ConvTranspose2D(4, 2, Padding = Padding.Same), Tanh, Flatten, Dense(4), MeanSquaredError")]
    [InlineData("Input(6, 5, 8), Conv2D(16, 3, Groups = 2), Relu, Conv2D(8, 2, Groups = 2), Flatten, Dense(4), MeanSquaredError")]
    [InlineData("TokenInput(6, 11), Embedding(8), PositionalEmbedding, LayerNorm, SelfAttention(2), Dense(12), Relu, Flatten, Dense(4), SoftmaxCrossEntropy")]
    [InlineData("Input(2, 3, 4), Dense(8), GroupNorm(2), UpSample2D(2), Pad(1, 0), Relu, Dropout2D(0.3), Dense(4), GlobalAveragePool, Dense(4), MeanSquaredError")]
    [InlineData("Input(5, 4), Lstm(8), Dense(4), MeanSquaredError")]
    public void They_compute_what_the_graph_says(string layers)
    {
        var model = ModelCompiler.Plan(Read.Spec($"[Model, {layers}] public partial class Net;"));
        var (training, infer) = (ModelCompiler.ScheduleForGpu(model.TrainingGraphs[0], model.Parameters, usesTf32: false), ModelCompiler.ScheduleForGpu(model.InferGraph, model.Parameters, usesTf32: false));
        Assert.All(Launches(training).Concat(Launches(infer)), launch => Assert.Empty(KernelVerifier.Mistakes(launch)));
        foreach (var n in (int[])[1, 3, 17])
        {
            var sample = Sample.Random(model.Lowered, n, seed: n);
            var reference = new Reference(model.Lowered, sample, LoopInterpreter.Seed, LoopInterpreter.Number, 0);
            var trained = Run(model, training, sample, batch: null);
            reference.AssertTrains(trained, layers);
            reference.AssertInfers(Run(model, infer, sample, batch: null), layers);
            trained.AssertSameBits(Run(model, training, sample, LargeBatch), "large batch");
            trained.AssertSameBits(Run(model, training, sample, batch: null, joinsKernels: false), "parts");
        }
    }

    /// <summary>Memory of a group is aligned for quads if a kernel has a view of it as quads.</summary>
    [Fact]
    public void Sums_in_shared_memory_can_be_read_four_at_a_time()
    {
        var kernel = Plan("[Model, Input(32, 32, 3), Conv2D(8, 3), BatchNorm, Relu, Flatten, Dense(1), MeanSquaredError] public partial class Net;", "Net")
            .Single(launch => launch.Kernel.Name == "BatchNorm1FactorSumAndRelu1").Kernel;
        var loop = kernel.Main.Body.OfType<Loop>().Last();
        var call = Assert.IsType<Call>(Assert.Single(loop.Body));
        var shared = kernel.Main.Body.OfType<DeclareArray>().ToDictionary(memory => memory.Buffer);
        var floats = kernel.Main.Body.OfType<DeclareView>().ToDictionary(view => view.View, view => shared[view.Buffer]);
        var viewed = call.Function.Body.OfType<DeclareView>().Select(view => call.Buffers[call.Function.Buffers.ToList().FindIndex(parameter => parameter.Buffer == view.Buffer)].Buffer).ToArray();
        Assert.DoesNotContain(viewed, shared.ContainsKey);
        Assert.Equal([(BufferElement.Quad, 2)], viewed.Where(floats.ContainsKey).Select(buffer => (floats[buffer].Buffer.Element, floats[buffer].Length)));
    }

    private static Outcome Run(CompiledModel model, GraphPlan plan, Sample sample, int? batch, bool joinsKernels = true) =>
        PlanRun.Of(model, plan, sample, memory => new LoopInterpreter(plan, memory, 32, sample.N, isCut: false) { Batch = batch, JoinsKernels = joinsKernels });

    private static Launch[] Plan(string source, string name, bool infer = false)
    {
        var plans = ModelCompiler.Plan(Read.Spec(source, name)).PlansFor(IlgpuTarget.Instance);
        return [.. Launches(infer ? plans.Infer : plans.Training[0])];
    }

    private static IEnumerable<Launch> Launches(GraphPlan plan) => plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches);

    /// <summary>The accesses of a body.</summary>
    private sealed class Accesses : LoopWalker
    {
        public int Quads { get; private set; }

        public int SingleStores { get; private set; }

        private List<string> Offsets { get; } = [];

        public static Accesses In(IReadOnlyList<Statement> body)
        {
            var accesses = new Accesses();
            accesses.Walk(body);
            return accesses;
        }

        public int SingleLoadsOf(string variable) => Offsets.Count(offset => offset.Contains(variable, StringComparison.Ordinal));

        public override Nothing Visit(StoreScalar statement)
        {
            SingleStores++;
            return base.Visit(statement);
        }

        public override Nothing Visit(StoreQuad statement)
        {
            Quads++;
            return base.Visit(statement);
        }

        public override Nothing Visit(LoadQuad statement)
        {
            Quads++;
            return base.Visit(statement);
        }

        public override Nothing Visit(LoadScalar value)
        {
            Offsets.Add(value.Offset.ToString());
            return base.Visit(value);
        }
    }
}
