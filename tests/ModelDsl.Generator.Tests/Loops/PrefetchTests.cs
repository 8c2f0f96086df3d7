using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Loops;

public class PrefetchTests
{
    [Fact]
    public void A_tile_of_a_long_sum_loads_a_large_operand_of_its_epilogue_ahead()
    {
        var prefetch = Assert.Single(Prefetches(positions: 64, units: 64));
        Assert.Equal((128, 12, 32), (prefetch.Stride, prefetch.Rows, prefetch.Columns));
        Assert.Equal("gelu1Derivative", prefetch.Buffer.Name);
    }

    [Theory]
    [InlineData(31, 64)]
    [InlineData(64, 63)]
    public void Small_operands_and_short_sums_are_not_worth_it(int positions, int units) => Assert.Empty(Prefetches(positions, units));

    [Fact]
    public void The_generated_code_says_so()
    {
        var text = string.Concat(ModelCompiler.Compile(Model(64, 64).Build()).Files.Select(file => file.Text));
        Assert.Contains("Blocks.Prefetch(&gelu1Derivative[row * 128 + panel * 32], 128, 12, 32);", text, StringComparison.Ordinal);
    }

    private static Prefetch[] Prefetches(int positions, int units)
    {
        var found = new List<Prefetch>();
        foreach (var launch in ModelCompiler.Plan(Model(positions, units).Build()).Train.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches))
        {
            StatementSearch.Any(launch.Kernel.Main.Body, statement =>
            {
                if (statement is Prefetch prefetch) found.Add(prefetch);
                return false;
            });
        }

        return [.. found];
    }

    private static SpecBuilder Model(int positions, int units) => new SpecBuilder().Input(positions, 16).Dense(128).Layer("Gelu").Dense(units).Layer("MeanSquaredError");
}
