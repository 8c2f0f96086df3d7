using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Harness;

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
        [Model, Input(6, 7, 2), Conv2D(5, 3), Relu, MaxPool2D(2), Flatten, Dense(4), MeanSquaredError] public partial class Convolution;
        [Model, Input(7, 7, 3), Conv2D(17, 3, Padding = Padding.Same), MaxPool2D(3, Stride = 2), Flatten, Dense(4), MeanAbsoluteError] public partial class Overlapping;
        [Model, Input(7, 6, 4), Conv2D(4, 3, Groups = 4, Stride = 2, PaddingSize = 1), Conv2D(6, 2, Groups = 2, Dilation = 2, PaddingSize = 1), Flatten, Dense(2), MeanSquaredError]
        public partial class Grouped;
        [Model, Input(3, 2, 2), ConvTranspose2D(3, 3, Stride = 2, PaddingSize = 1), MaxPool2D(3, Stride = 1, PaddingSize = 1), Flatten, Dense(2), MeanSquaredError] public partial class Transposed;
        [Model, Input(8, 6, 3), Dense(5), AveragePool2D(2), UpSample2D(2), Pad(1), MaxPool2D(2), Flatten, Dense(2), MeanSquaredError] public partial class Maps;
        [Model, Input(9, 3), Conv1D(4, 3, Stride = 2), MaxPool1D(2, Stride = 1), Flatten, Dense(2), MeanSquaredError] public partial class Sequence;
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
                foreach (var bits in Widths.ComparedBits) reference.AssertTrainsExactly(new ProgramRunner(model, bits).Train(sample, 2), $"{name}, batch of {n}, {bits} bits");
            }
        });
    }
}
