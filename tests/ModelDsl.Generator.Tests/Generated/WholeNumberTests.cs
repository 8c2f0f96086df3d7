using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Small whole numbers, with ties on purpose: every sum is exact, so results equal those of float64 bit by bit at every width.</summary>
public class WholeNumberTests
{
    // Batches, and values per sample at the loss, are powers of two: means divide exactly.
    private const string Sources =
        """
        [Block, Dense(7), Relu, Dense(5)] internal partial class Branch;
        [Model, Input(19), Dense(37), Relu, Dense(16), LeakyRelu(Slope = 0.25), Dense(8), MeanAbsoluteError] public partial class Layers;
        [Model, Input(5), Residual<Branch>, Parallel<Branch, Branch>(Merge.Concat), Dense(2), MeanSquaredError] public partial class Composition;
        [Model, TokenInput(4, 6), Embedding(5), PositionalEmbedding, Dense(16), Relu, Dense(4), MeanAbsoluteError] public partial class Tokens;
        [Model, Input(3, 4), Dense(33), Relu, Flatten, Dense(4), MeanSquaredError] public partial class Rows;
        """;

    [Fact]
    public void Exact_sums_have_the_bits_of_float64()
    {
        using var library = ModelLibrary.Of(Sources);
        Failures.Collect(library.Names, name =>
        {
            var lowered = Lowering.Lower(library[name].Spec);
            using var device = new CpuDevice { Threads = 1 };
            using var model = library[name].Create(device);
            foreach (var n in new[] { 1, 4, 16 })
            {
                var sample = Sample.Whole(lowered, n);
                var reference = new Reference(lowered, sample);
                foreach (var bits in new[] { 512, 256, 128 }) reference.AssertTrainsExactly(new ProgramRunner(model, bits).Train(sample, 2), $"{name}, batch of {n}, {bits} bits");
            }
        });
    }
}
