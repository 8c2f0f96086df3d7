using ModelDsl.Generator.Emit.Ilgpu;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>Indices in the text of kernels for GPUs.</summary>
public class IlgpuIndexTests
{
    private static readonly IndexVariable Row = new("row");

    private static readonly IndexRenderer Renderer = new(variable => variable.Name);

    [Fact]
    public void A_division_by_a_power_of_two_is_a_shift() => Assert.Equal("(row >> 5) * 3 + (row & 31)", Renderer.Print((Row / 32 * 3) + (Row % 32)));

    [Fact]
    public void Another_division_is_a_product_and_a_shift() => Assert.Equal("KernelMath.Quotient(row + 1, 2863311531u, 33)", Renderer.Print((Row + 1) / 3));

    [Fact]
    public void A_test_of_both_bounds_is_one_comparison() =>
        Assert.Equal("(uint)(row - 1) < 8 && row < n", Renderer.Print([Condition.Less(-1, Row - 1), Condition.Less(Row - 1, 8), Condition.Less(Row, KernelBuilder.BatchSize)]));

    [Fact]
    public void Quotients_are_exact_for_all_dividends()
    {
        var random = new Random(1);
        foreach (var divisor in Enumerable.Range(2, 2000).Append(int.MaxValue).Append((1 << 30) + 1))
        {
            var (factor, shift) = IndexRenderer.Division(divisor);
            var last = int.MaxValue / divisor * divisor;
            foreach (var dividend in (int[])[0, 1, divisor - 1, divisor, last - 1, last, int.MaxValue, random.Next(), random.Next(), random.Next(divisor), random.Next(int.MaxValue / divisor) * divisor])
            {
                var quotient = (int)((ulong)(uint)dividend * factor >> shift);
                Require.That(quotient == dividend / divisor, $"{dividend} / {divisor} is {quotient}");
            }
        }
    }
}
