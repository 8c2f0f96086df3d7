using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Forward;
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

    [Fact]
    public void A_tile_of_a_sum_in_blocks_loads_the_same_terms_of_the_next_block_ahead()
    {
        var weights = Tiles(Model(64, 64).Build(), "Dense2WeightGradient");
        var (length, offsets) = LoadedAhead(weights.First());

        // The activations and the gradient of the outputs have 128 and 64 floats per row. A tile reads adjacent columns of the activations and up to two vectors of the gradient.
        Assert.Equal([$"{length * 128}", $"{length * 64}", $"{(length * 64) + 16}"], offsets);
        Assert.All(weights, tile => Assert.Equal(length, LoadedAhead(tile).Length));
    }

    [Fact]
    public void A_tile_of_a_sum_in_one_block_loads_nothing_ahead() => Assert.All(Tiles(new SpecBuilder().Input(4).Dense(3).Layer("MeanSquaredError").Build(), "Dense1WeightGradient"), tile => Assert.Equal((0, []), LoadedAhead(tile)));

    [Fact]
    public void Tiles_that_load_ahead_share_their_method_with_tiles_that_do_not()
    {
        var text = string.Concat(ModelCompiler.Compile(Model(64, 64).Build()).Files.Select(file => file.Text));
        Assert.Contains("if (0 < TSizes.Ahead && count == TSizes.Ahead)", text, StringComparison.Ordinal);
        Assert.Contains("Blocks.PrefetchLine(&rows[TSizes.RowsAhead]);", text, StringComparison.Ordinal);
        Assert.Contains("public static int RowsAhead => ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("public static int RowsAhead => 0;", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_of_a_chain_load_their_part_of_the_operands_of_the_next_matrix()
    {
        var spec = Attention(128);
        string[] forward = LoadedForNext(spec, "SelfAttention1LogSumExpAndSelfAttention1Values");

        // Two heads of 16 have 3 · 32 floats per position. A block has 32 of the 128 positions; keys and values of the next head are loaded in four parts.
        Assert.Equal(["next + firstRow * 96, 96, 32 × 16", "next + block * 3072 + 32, 96, 32 × 16", "next + block * 3072 + 64, 96, 32 × 16"], forward);
        var backward = LoadedForNext(spec, "SelfAttention1ProjectionGradient");
        Assert.Equal(["next + firstRow * 32, 32, 32 × 16", "next2 + block * 3072 + 64, 96, 32 × 16", "next2 + firstRow * 96, 96, 32 × 16", "next2 + block * 3072 + 32, 96, 32 × 16"], backward);
    }

    [Fact]
    public void A_task_of_several_matrices_loads_those_of_the_next_task()
    {
        // Two heads share keys and values, so that a task computes the gradients of both: it is a sample. The loads are those of the same head of the next sample.
        var chain = Assert.Single(Launches(Attention(128, ", keyValueHeads: 1")), launch => launch.Kernel.Name == "SelfAttention1ProjectionGradient");
        var offsets = new List<string>();
        StatementSearch.Any(chain.Kernel.Main.Body, statement =>
        {
            if (statement is DeclareIndex next && next.Variable.Name.StartsWith("next", StringComparison.Ordinal)) offsets.Add(next.Value.ToString()!);
            return false;
        });
        Assert.Equal(["(matrix + 1) * 4096 + outer2 * 16", "(matrix + 1) * 8192"], offsets);
    }

    [Fact]
    public void Whole_panels_of_columns_need_no_tiles_of_single_rows()
    {
        var chain = Assert.Single(Launches(Attention(128)), launch => launch.Kernel.Name == "SelfAttention1ProjectionGradient");
        Assert.NotEmpty(chain.Kernel.Tiles);
        Assert.DoesNotContain(chain.Kernel.Tiles, tile => tile.Name.Contains("1x", StringComparison.Ordinal));
    }

    [Fact]
    public void A_chain_whose_matrices_have_large_operands_loads_none_for_the_next() => Assert.Empty(LoadedForNext(Attention(2048), "SelfAttention1LogSumExpAndSelfAttention1Values"));

    [Fact]
    public void The_offset_of_the_next_matrix_is_declared_where_it_is_used()
    {
        Assert.Contains("var next = ((matrix + 1) / 2) * 12288 + ((matrix + 1) % 2) * 16;", Text(128), StringComparison.Ordinal);
        Assert.DoesNotContain("var next", Text(2048), StringComparison.Ordinal);

        static string Text(int length) => string.Concat(ModelCompiler.Compile(Attention(length)).Files.Where(file => file.Suffix.Contains("Avx512", StringComparison.Ordinal)).Select(file => file.Text));
    }

    /// <summary>What the chain of a name loads ahead.</summary>
    private static string[] LoadedForNext(ModelSpec spec, string kernel)
    {
        var chain = Assert.Single(Launches(spec), launch => launch.Kernel.Name == kernel);
        return [.. In(chain.Kernel.Main).Select(prefetch => $"{prefetch.Offset}, {prefetch.Stride}, {prefetch.Rows} × {prefetch.Columns}")];
    }

    private static ModelSpec Attention(int length, string more = "") =>
        Read.Spec($"[Model, Input({length}, 32), MeanSquaredError] partial class Net {{ private static Tensor Forward(Tensor x) => x.SelfAttention(2, causal: true{more}); }}");

    private static Prefetch[] Prefetches(int positions, int units) => [.. Launches(Model(positions, units).Build()).SelectMany(launch => In(launch.Kernel.Main))];

    private static Function[] Tiles(ModelSpec spec, string kernel)
    {
        Function[] tiles = [.. Launches(spec).Where(launch => launch.Kernel.Name == kernel).SelectMany(launch => launch.Kernel.Tiles)];
        Assert.NotEmpty(tiles);
        return tiles;
    }

    /// <summary>The length of the blocks whose next is loaded ahead, and the offsets of the lines; 0 if there are none.</summary>
    private static (int Length, string[] Offsets) LoadedAhead(Function tile)
    {
        var length = 0;
        StatementSearch.Any(tile.Body, statement =>
        {
            if (statement is If { Then: [Prefetch, ..] } guard) length = guard.Conditions[1].Right.Literal!.Value;
            return false;
        });
        return (length, [.. In(tile).Where(prefetch => prefetch.IsLine).Select(prefetch => prefetch.Offset.ToString()!)]);
    }

    private static IEnumerable<Launch> Launches(ModelSpec spec) => ModelCompiler.Plan(spec).Train.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches);

    private static List<Prefetch> In(Function function)
    {
        var found = new List<Prefetch>();
        StatementSearch.Any(function.Body, statement =>
        {
            if (statement is Prefetch prefetch) found.Add(prefetch);
            return false;
        });
        return found;
    }

    private static SpecBuilder Model(int positions, int units) => new SpecBuilder().Input(positions, 16).Dense(128).Layer("Gelu").Dense(units).Layer("MeanSquaredError");
}
