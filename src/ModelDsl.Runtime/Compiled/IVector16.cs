using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>
/// Sixteen floats that generated kernels compute with: one register of 512 bits, two of 256, or four of 128. Kernels that do not depend on the width are written
/// once, for any type that implements this interface; the JIT compiles each instantiation for its registers.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <remarks>All implementations give the same bits. The results of comparisons are masks: all bits of a lane are set if the comparison is true, and none if it is false.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe interface IVector16<TSelf>
    where TSelf : struct, IVector16<TSelf>
{
    /// <summary>Zero in every lane.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Returns the same value in every lane.</summary>
    /// <param name="value">The value.</param>
    static abstract TSelf Create(float value);

    /// <summary>Loads sixteen floats.</summary>
    /// <param name="source">The address of the first float.</param>
    static abstract TSelf Load(float* source);

    /// <summary>Loads the first lanes. The other lanes are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first float.</param>
    /// <param name="count">The number of lanes to load: none if negative, all if more than sixteen.</param>
    static abstract TSelf Load(float* source, int count);

    /// <summary>Loads integers into the first lanes, as floats. The other lanes are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first integer.</param>
    /// <param name="count">The number of lanes to load: none if negative, all if more than sixteen.</param>
    static abstract TSelf Load(int* source, int count);

    /// <summary>Loads floats that lie <paramref name="stride"/> floats apart. Lanes from <paramref name="count"/> on are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first float.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">The number of lanes to load.</param>
    static abstract TSelf LoadStrided(float* source, int stride, int count);

    /// <summary>Loads integers that lie <paramref name="stride"/> integers apart, as floats. Lanes from <paramref name="count"/> on are zero, and their memory is not read.</summary>
    /// <param name="source">The address of the first integer.</param>
    /// <param name="stride">The distance, in integers.</param>
    /// <param name="count">The number of lanes to load.</param>
    static abstract TSelf LoadStrided(int* source, int stride, int count);

    /// <summary>Stores sixteen floats.</summary>
    /// <param name="value">The floats.</param>
    /// <param name="target">The address of the first float.</param>
    static abstract void Store(TSelf value, float* target);

    /// <summary>Stores the first lanes only.</summary>
    /// <param name="value">The floats.</param>
    /// <param name="target">The address of the first float.</param>
    /// <param name="count">The number of lanes to store.</param>
    static abstract void Store(TSelf value, float* target, int count);

    /// <summary>Stores the first lanes <paramref name="stride"/> floats apart.</summary>
    /// <param name="value">The floats.</param>
    /// <param name="target">The address of the first float.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">The number of lanes to store.</param>
    static abstract void StoreStrided(TSelf value, float* target, int stride, int count);

    /// <summary>Returns the numbers start, start + 1, … in the lanes.</summary>
    /// <param name="start">The first number.</param>
    static abstract TSelf From(int start);

    /// <summary>Keeps the first lanes of a vector and replaces the others by a number.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="count">The number of lanes to keep.</param>
    /// <param name="fill">The value of the other lanes.</param>
    static abstract TSelf Keep(TSelf value, int count, float fill);

    /// <summary>The first lane.</summary>
    /// <param name="value">The floats.</param>
    static abstract float First(TSelf value);

    /// <summary>The sum of all lanes: lane l with l + 8, then l + 4, l + 2 and l + 1.</summary>
    /// <param name="value">The floats.</param>
    static abstract float Sum(TSelf value);

    /// <summary>The largest of all lanes; NaN if any lane is NaN.</summary>
    /// <param name="value">The floats.</param>
    static abstract float Max(TSelf value);

    /// <summary>
    /// x · y + z. It is rounded once if the processor has an instruction for it. Otherwise, which is possible with 128-bit registers only, the product is rounded, and
    /// then the sum.
    /// </summary>
    /// <param name="x">The first factor.</param>
    /// <param name="y">The second factor.</param>
    /// <param name="z">The addend.</param>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf z);

    /// <summary>x · y + z of single numbers, rounded in the same way as for vectors.</summary>
    /// <param name="x">The first factor.</param>
    /// <param name="y">The second factor.</param>
    /// <param name="z">The addend.</param>
    static abstract float MultiplyAdd(float x, float y, float z);

    /// <summary>The absolute value.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Abs(TSelf x);

    /// <summary>The square root.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary>The largest integer that is not greater than the operand.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Floor(TSelf x);

    /// <summary>The smallest integer that is not less than the operand.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Ceiling(TSelf x);

    /// <summary>The nearest integer; the even one if two are equally near.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Round(TSelf x);

    /// <summary>The greater operand; NaN if either operand is NaN.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf Max(TSelf x, TSelf y);

    /// <summary>The lesser operand; NaN if either operand is NaN.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf Min(TSelf x, TSelf y);

    /// <summary>The greater operand, by one instruction. If one operand is NaN, the result depends on the processor; on x64 it is the second operand.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf MaxNative(TSelf x, TSelf y);

    /// <summary>The lesser operand, by one instruction. If one operand is NaN, the result depends on the processor; on x64 it is the second operand.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf MinNative(TSelf x, TSelf y);

    /// <summary>A mask of the lanes where x &lt; y.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf LessThan(TSelf x, TSelf y);

    /// <summary>A mask of the lanes where x ≤ y.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf LessThanOrEqual(TSelf x, TSelf y);

    /// <summary>A mask of the lanes where x = y.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf Equal(TSelf x, TSelf y);

    /// <summary>x in the lanes of a mask, y in the others.</summary>
    /// <param name="condition">The mask.</param>
    /// <param name="x">The values where the mask is set.</param>
    /// <param name="y">The values where the mask is not set.</param>
    static abstract TSelf Select(TSelf condition, TSelf x, TSelf y);

    /// <summary>2ˣ⁻¹ for integers −125 ≤ x ≤ 128.</summary>
    /// <param name="x">The exponent, an integer.</param>
    static abstract TSelf HalfPowerOfTwo(TSelf x);

    /// <summary>The exponent e of a normal number m · 2ᵉ with ½ ≤ m &lt; 1.</summary>
    /// <param name="x">The number.</param>
    static abstract TSelf Exponent(TSelf x);

    /// <summary>A mask of the lanes in which a bit of x + added is set.</summary>
    /// <param name="x">Integers that fit 32 bits.</param>
    /// <param name="added">An integer.</param>
    /// <param name="bit">The bit: a power of two.</param>
    static abstract TSelf HasBit(TSelf x, int added, int bit);

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

    /// <summary>The negated value.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf operator -(TSelf x);

    /// <summary>The bitwise AND.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf operator &(TSelf x, TSelf y);

    /// <summary>The bitwise OR.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf operator |(TSelf x, TSelf y);

    /// <summary>The bitwise complement.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf operator ~(TSelf x);
}
