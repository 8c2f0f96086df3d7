using ModelDsl.Generator.Emit;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>Kernels that are the same but for names become one method; what decides is their text without names.</summary>
public class CanonicalTextTests
{
    private readonly CanonicalText canonical = new();

    [Theory]
    [InlineData("var x = y[0] + x2;", "var input = weight[0] + other_3;")]
    [InlineData("a = b; b = a;", "left = right; right = left;")]
    [InlineData("größe + 1f", "size + 1f")]
    public void Names_do_not_count(string first, string second) => Assert.Equal(Of(first), Of(second));

    [Theory]
    [InlineData("x[16]", "x[32]")]
    [InlineData("x + y", "x + x")]
    [InlineData("Load(x)", "Store(x)")]
    [InlineData("int* x", "float* x")]
    [InlineData("var x = y", "y = x")]
    public void Everything_else_does(string first, string second) => Assert.NotEqual(Of(first), Of(second));

    [Fact]
    public void Names_of_the_kernel_itself_do_not_count_though_they_begin_with_a_capital() =>
        Assert.Equal(canonical.Of("Dense1Tile12x32(x);", name => name == "Dense1Tile12x32"), canonical.Of("Dense2Tile12x32(y);", name => name == "Dense2Tile12x32"));

    [Fact]
    public void A_text_is_written_with_numbers_for_names() =>
        Assert.Equal("for (var $0 = 0; $0 < $1; $0++) Vector512.Store($2, $3 + 16);", Of("for (var row = 0; row < n; row++) Vector512.Store(sum, y + 16);"));

    private string Of(string text) => canonical.Of(text, _ => false);
}
