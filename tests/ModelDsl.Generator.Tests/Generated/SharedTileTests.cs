namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Tiles that are one method although their epilogues differ.</summary>
public class SharedTileTests
{
    /// <summary>The gradient of the mean is divided by the number of words, one number for all lanes, and that of Relu is selected by values along the lanes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void A_tile_with_one_number_for_all_lanes_is_not_one_with_a_number_for_each(int n)
    {
        using var library = ModelLibrary.Of(
            "[Model, TokenInput(7, 9, Padding = 0), Embedding(16), Dense(48), Relu, Dense(16), GlobalAveragePool, Dense(3), SoftmaxCrossEntropy] public sealed partial class Mood;");

        ModelCheck.Run(library["Mood"], n);
    }
}
