using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Loops;

/// <summary>The elements of windows that exist in ranges of positions at the edges of an image. The tests of loop programs check the values of their kernels.</summary>
public class PositionRangeTests
{
    [Theory]
    [InlineData(32, 3, "AtStart to 1: 1×[1,8) 2×[0,8); Inside to 3: 3×[0,8); AtEnd to 4: 2×[0,8) 1×[0,7)")]
    [InlineData(16, 3, "AtStart to 1: 1×[1,8) 2×[0,8); AtEnd to 2: 2×[0,8) 1×[0,7)")]
    [InlineData(4, 3, " to 1: 1×[1,4) 1×[0,4) 1×[0,3)")]
    [InlineData(2, 5, " to 1: 1×[0,0) 1×[1,2) 1×[0,2) 1×[0,1) 1×[0,0)")]
    public void A_padded_convolution_leaves_out_what_lies_beyond_an_edge(int width, int kernel, string expected) =>
        Assert.Equal(expected, Written(Forward(Convolution(width, kernel, ("padding", "Same")))));

    [Fact]
    public void A_stride_moves_the_window_and_dilation_its_elements()
    {
        Assert.Equal("AtStart to 1: 1×[1,8) 2×[0,8); Inside to 2: 3×[0,8)", Written(Forward(Convolution(32, 3, ("stride", 2), ("paddingSize", 1)))));
        Assert.Equal(" to 1: 1×[2,6) 1×[0,6) 1×[0,4)", Written(Forward(Convolution(6, 3, ("dilation", 2), ("paddingSize", 2)))));
    }

    [Fact]
    public void The_gradient_by_the_input_mirrors_the_window()
    {
        var ranges = Contracts(Convolution(8, 3, ("padding", "Same"))).Select(contract => PositionRange.Of(CpuTarget.Avx512, ContractRoles.Of(ContractLoops.Of(contract), Layout(contract)))).OfType<PositionRange>().ToList();

        // The first of two convolutions, the second, and its gradient with respect to its input.
        Assert.Equal(3, ranges.Count);
        Assert.Equal(" to 1: 1×[1,8) 1×[0,8) 1×[0,7)", Written(ranges[0]));
        Assert.Equal(Written(ranges[0]), Written(ranges[1]));
        Assert.Equal(" to 1: 1×[0,7) 1×[0,8) 1×[1,8)", Written(ranges[2]));
    }

    [Fact]
    public void Without_edges_tiles_hold_rows_as_before() =>
        Assert.All(Contracts(Convolution(8, 1)), contract => Assert.Null(PositionRange.Of(CpuTarget.Avx512, ContractRoles.Of(ContractLoops.Of(contract), Layout(contract)))));

    [Fact]
    public void Ranges_are_short_where_a_window_is_long()
    {
        Assert.Equal(13, Forward(Convolution(13, 2, ("padding", "Same"))).Length);
        Assert.Equal(7, Forward(Convolution(14, 3, ("padding", "Same"))).Length);
        Assert.Equal(7, Forward(Convolution(14, 11, ("padding", "Same"))).Length);
    }

    [Fact]
    public void Ranges_fit_the_registers()
    {
        foreach (var target in CpuTarget.All)
        {
            var range = PositionRange.Of(target, ContractRoles.Of(ContractLoops.Of(Contracts(Convolution(24, 3, ("padding", "Same")))[0]), Layout(Contracts(Convolution(24, 3))[0])))!;
            Assert.InRange(range.Length, 2, target.MostRows);
            Assert.Equal(24 / range.Length, range.Kinds[^1].To);
        }
    }

    private static SpecBuilder Convolution(int width, int kernel, params (string Name, object Value)[] arguments) => new SpecBuilder()
        .Input(5, width, 3)
        .Layer("Conv2D", [("filters", 4), ("kernel", kernel), .. arguments])
        .Layer("Conv2D", [("filters", 4), ("kernel", kernel), .. arguments])
        .Layer("Flatten").Dense(1).Layer("MeanSquaredError");

    private static PositionRange Forward(SpecBuilder model) => PositionRange.Of(CpuTarget.Avx512, ContractRoles.Of(ContractLoops.Of(Contracts(model)[0]), Layout(Contracts(model)[0])))!;

    private static List<ContractNode> Contracts(SpecBuilder model) =>
        [.. ModelCompiler.Plan(model.Build()).Train.Fused.Groups.Where(group => group.Kind == GroupKind.Contract).Select(group => (ContractNode)group.Anchor)];

    private static Strided Layout(ContractNode contract) => Strided.RowMajor(contract.Shape);

    private static string Written(PositionRange range) => string.Join("; ", range.Kinds.Select(kind =>
        $"{kind.Suffix} to {kind.To}: {string.Join(" ", kind.Parts.Select(part => $"{part.Count}×[{part.From},{part.To})"))}"));
}
