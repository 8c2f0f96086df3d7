using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelDsl.Devices;

/// <summary>Floats that are computed together: a vector of any width, or a single float.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>The number of floats: 1, 4, 8 or 16.</summary>
    static abstract int Count { get; }

    /// <summary>Returns the same value in every lane.</summary>
    /// <param name="value">The value.</param>
    static abstract TSelf Broadcast(float value);

    /// <summary>Loads <see cref="Count"/> floats.</summary>
    /// <param name="source">The address of the first float.</param>
    static abstract unsafe TSelf Load(float* source);

    /// <summary>Stores <see cref="Count"/> floats.</summary>
    /// <param name="value">The lanes.</param>
    /// <param name="destination">The address of the first float.</param>
    static abstract unsafe void Store(TSelf value, float* destination);

    /// <summary>The sum.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf operator +(TSelf x, TSelf y);

    /// <summary>The difference.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf operator -(TSelf x, TSelf y);

    /// <summary>The product.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf operator *(TSelf x, TSelf y);

    /// <summary>The quotient.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf operator /(TSelf x, TSelf y);

    /// <summary>The square root.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary><c>x &gt; y ? x : y</c>: y where either is NaN.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf Greater(TSelf x, TSelf y);

    /// <summary><c>x &lt; y ? x : y</c>: y where either is NaN.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf Less(TSelf x, TSelf y);

    /// <summary>The value, or 0 where it is subnormal: smaller than 2⁻¹²⁶, too small for a full mantissa.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Normal(TSelf x);
}
