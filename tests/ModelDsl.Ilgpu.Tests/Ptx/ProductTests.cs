using ModelDsl.Ilgpu.Tests.Compilation;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Ptx;

/// <summary>
/// The PTX of products, run thread by thread on the machine of these tests and compared with sums in double precision: tiles with edges on all sides, blocks
/// and slices of all kinds. Reading shared memory that was not written, an access beyond a buffer, or a wrong barrier is an error.
/// </summary>
public class ProductTests
{
    /// <summary>Columns of a panel of weights.</summary>
    private const int Panel = 32;

    private const int Batch = 150;

    /// <summary>One compilation for all: it takes longer than what is tested.</summary>
    private static readonly Lazy<GeneratedModels> Models = new(() => GeneratedModels.Of(string.Join('\n',
        from shape in new[] { (40, 200), (7, 20), (37, 200), (8, 72), (44, 50), (37, 72) }
        from isRounded in new[] { false, true }
        select $"[Model({(isRounded ? "Precision = ProductPrecision.Tf32" : "")}), Input({shape.Item1}), Dense({shape.Item2}), Relu, Dense(2), MeanSquaredError] "
            + $"public partial class {(isRounded ? "Rounded" : "Exact")}{shape.Item1}By{shape.Item2};")));

    [Theory]
    [InlineData(40, 200, "Relu1", 64, 64, 256)]
    [InlineData(7, 20, "Relu1", 64, 32, 128)]
    [InlineData(40, 200, "Relu1Wide", 128, 128, 256)]
    [InlineData(37, 200, "Relu1Wide", 128, 128, 256)]
    [InlineData(8, 72, "Relu1Wide", 128, 128, 256)]
    [InlineData(44, 50, "Relu1Wide", 128, 64, 128)]
    [InlineData(40, 200, "Relu1Tf32", 64, 64, 128)]
    [InlineData(40, 200, "Relu1Tf32Wide", 128, 128, 256)]
    [InlineData(37, 72, "Relu1Tf32Wide", 128, 128, 256)]
    [InlineData(44, 50, "Relu1Tf32Wide", 128, 64, 128)]
    public void Rows_times_columns(int terms, int columns, string name, int blockRows, int blockColumns, int threads)
    {
        var kernel = Kernel(terms, columns, name);
        var random = new Random(terms + columns);
        var (x, weight, bias) = (Numbers(random, Batch * terms), Numbers(random, terms * columns), Numbers(random, columns));

        var panels = new float[(columns + Panel - 1) / Panel * Panel * terms];
        for (var column = 0; column < columns; column++)
        {
            for (var term = 0; term < terms; term++)
                panels[(column / Panel * Panel * terms) + (term * Panel) + (column % Panel)] = weight[(term * columns) + column];
        }

        var machine = new PtxMachine(kernel).View(x).View(panels).View(bias).View(new float[Batch * columns]).Int(Batch);
        machine.Launch(Blocks(Batch, blockRows) * Blocks(columns, blockColumns), threads);
        Near(machine.Read(3), (row, column) =>
        {
            var sum = Enumerable.Range(0, terms).Sum(term => Factor(name, x[(row * terms) + term]) * Factor(name, weight[(term * columns) + column]));
            return Math.Max(0, sum + bias[column]);
        }, columns);
    }

    [Theory]
    [InlineData("LargeWeightIlgpu.Dense1WeightGradientWide")]
    [InlineData("LargeRoundedIlgpu.Dense1WeightGradientTf32Wide")]
    public void Gradients_of_weights_whose_sums_end_with_the_batch(string name)
    {
        // Both operands lie along their sides; the number of terms is known at run time only.
        const int Terms = 21, Rows = 2048, Columns = 1024, Block = 128;
        var random = new Random(3);
        var (x, gradient) = (Numbers(random, Terms * Rows), Numbers(random, Terms * Columns));
        var machine = new PtxMachine(PtxProgram.Parse(KernelCompiler.ToPtx(KnownKernels.All[name]))).View(x).View(gradient).View(new float[Rows * Columns]).Int(Terms);
        int[] groups = [0, 42, (Rows / Block * (Columns / Block)) - 1];
        machine.Launch(Rows / Block * (Columns / Block), 256, groups);
        var result = machine.Read(2);
        foreach (var group in groups)
        {
            for (var i = 0; i < Block * Block; i += 7)
            {
                var (row, column) = ((group / (Columns / Block) * Block) + (i / Block), (group % (Columns / Block) * Block) + (i % Block));
                var sum = Enumerable.Range(0, Terms).Sum(term => Factor(name, x[(term * Rows) + row]) * Factor(name, gradient[(term * Columns) + column]));
                Assert.Equal(sum, result[(column / Panel * Panel * Rows) + (row * Panel) + (column % Panel)], 1e-5);
            }
        }
    }

    private static double Factor(string name, float value) => IsRounded(name) ? Tf32(value) : value;

    /// <summary>The nearest number with ten fraction bits.</summary>
    private static double Tf32(double value)
    {
        var unit = Math.ScaleB(1, Math.ILogB(value) - 10);
        return Math.Round(value / unit, MidpointRounding.AwayFromZero) * unit;
    }

    private static PtxProgram Kernel(int terms, int columns, string name) =>
        PtxProgram.Parse(KernelCompiler.ToPtx(Models.Value.Kernels[$"{(IsRounded(name) ? "Rounded" : "Exact")}{terms}By{columns}Ilgpu.{name}"]));

    private static bool IsRounded(string name) => name.Contains("Tf32", StringComparison.Ordinal);

    private static int Blocks(int length, int block) => (length + block - 1) / block;

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];

    private static void Near(float[] actual, Func<int, int, double> expected, int columns)
    {
        for (var i = 0; i < actual.Length; i++)
        {
            var value = expected(i / columns, i % columns);
            Assert.True(Math.Abs(value - actual[i]) <= 1e-5, $"Row {i / columns}, column {i % columns}: {value}, but {actual[i]} was computed.");
        }
    }
}
