using System.Globalization;
using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>
/// Writes indices for devices, which have no instruction for a division of integers. Dividends are not negative. A division by a power of two is a shift, and a division by another literal is a product and a shift.
/// </summary>
/// <param name="nameOf">The name of a variable.</param>
internal sealed class IndexRenderer(Func<IndexVariable, string> nameOf) : IndexPrinter(nameOf, "Math.Min", "Math.Max")
{
    /// <summary>The factor and the shift of a division: <c>x / divisor = x · factor / 2^shift</c> for every x from 0 to 2³¹ − 1.</summary>
    /// <param name="divisor">The divisor, greater than 1.</param>
    /// <remarks>
    /// With 2^(s − 1) &lt; divisor ≤ 2^s, the factor is 2^(31 + s) / divisor, rounded up. It is less than 2³². Rounding adds less than divisor ≤ 2^s to factor · divisor, so the product is too large by less than x · 2^s &lt; 2^(31 + s),
    /// divided by the divisor: less than the distance to the next quotient.
    /// </remarks>
    public static (uint Factor, int Shift) Division(int divisor)
    {
        var shift = 31;
        while (1L << (shift - 31) < divisor) shift++;
        return ((uint)(((1UL << shift) + (ulong)divisor - 1) / (ulong)divisor), shift);
    }

    /// <summary>Writes conditions. Two that test whether an index is within a range are one comparison of numbers without sign.</summary>
    public override string Print(IReadOnlyList<Condition> conditions)
    {
        var text = new List<string>();
        for (var i = 0; i < conditions.Count; i++)
        {
            if (i + 1 < conditions.Count && conditions[i] is { Comparison: Comparison.Less, Left.Literal: -1 } from && conditions[i + 1] is { Comparison: Comparison.Less, Right.Literal: > 0 } to && from.Right == to.Left)
            {
                text.Add($"(uint)({Print(from.Right)}) < {Print(to.Right)}");
                i++;
            }
            else
            {
                text.Add(base.Print([conditions[i]]));
            }
        }

        return string.Join(" && ", text);
    }

    protected override string Quotient(IndexBinary index)
    {
        if (index.Right.Literal is not { } divisor) return base.Quotient(index);
        if (PowersOfTwo.Exponent(divisor) is { } exponent) return $"({Operand(index.Left, isRight: false)} >> {Text(exponent)})";
        var (factor, shift) = Division(divisor);
        return $"KernelMath.Quotient({Print(index.Left)}, {Text(factor)}u, {Text(shift)})";
    }

    protected override string Remainder(IndexBinary index)
    {
        if (index.Right.Literal is not { } divisor) return base.Remainder(index);
        if (PowersOfTwo.Exponent(divisor) is not null) return $"({Operand(index.Left, isRight: false)} & {Text(divisor - 1)})";
        return $"({Operand(index.Left, isRight: false)} - {Quotient(index)} * {Text(divisor)})";
    }

    // Quotients and remainders have parentheses already.
    protected override string Operand(Index index, bool isRight) =>
        index is IndexBinary { Operator: IndexOperator.Divide or IndexOperator.Remainder, Right: IndexLiteral } ? Print(index) : base.Operand(index, isRight);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
