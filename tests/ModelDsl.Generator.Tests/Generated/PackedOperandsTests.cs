using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Sums that read copies of their operands.</summary>
public class PackedOperandsTests
{
    private const string Source = "[Model, Input(97, 661), Dense(37), MeanSquaredError] public sealed partial class Net;";

    /// <summary>The sum has 485 terms, a block and a part of one. The result has 661 rows, which no height of a tile divides, and a panel of five columns.</summary>
    [StandardFact]
    public void A_gradient_from_copies_is_right_on_all_widths()
    {
        using var library = ModelLibrary.Of(Source);
        ModelCheck.Run(library["Net"], n: 5);
    }

    [Fact]
    public void Only_products_whose_operands_exceed_the_cache_are_copied()
    {
        Assert.Equal(1, Copying(Source));
        Assert.Equal(0, Copying(Source.Replace("661", "600", StringComparison.Ordinal)));
        Assert.Equal(0, Copying(Source.Replace("97", "90", StringComparison.Ordinal)));
    }

    private static int Copying(string source) =>
        ModelCompiler.Plan(Read.Spec(source)).Train.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).Count(launch => launch.Buffers.Any(buffer => buffer.Space == Space.Worker));
}
