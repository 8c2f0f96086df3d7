using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>
/// Sixteen floats that generated kernels compute with: one register of 512 bits, two of 256, or four of 128. Kernels that are the same for every width are written
/// once, for any type that implements this interface; each instantiation is compiled for its registers.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <remarks>Every implementation gives the same bits. The results of comparisons are masks: all bits of a lane are set where the comparison holds, none where it does not.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe interface IVector16<TSelf>
    where TSelf : struct, IVector16<TSelf>
{
    /// <summary>Zero in every lane.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>The same value in every lane.</summary>
    /// <param name="value">The value.</param>
    static abstract TSelf Create(float value);

    /// <summary>Loads sixteen floats.</summary>
    /// <param name="source">The first.</param>
    static abstract TSelf Load(float* source);

    /// <summary>Loads the first lanes; the others are zero and not read.</summary>
    /// <param name="source">The first float.</param>
    /// <param name="count">How many lanes there are; none when negative, all when more than sixteen.</param>
    static abstract TSelf Load(float* source, int count);

    /// <summary>Loads integers into the first lanes, as floats; the others are zero and not read.</summary>
    /// <param name="source">The first integer.</param>
    /// <param name="count">How many lanes there are; none when negative, all when more than sixteen.</param>
    static abstract TSelf Load(int* source, int count);

    /// <summary>Loads lanes that lie <paramref name="stride"/> floats apart; lanes from <paramref name="count"/> on are zero and not read.</summary>
    /// <param name="source">The first float.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">How many lanes there are.</param>
    static abstract TSelf LoadStrided(float* source, int stride, int count);

    /// <summary>Loads integers that lie <paramref name="stride"/> integers apart, as floats; lanes from <paramref name="count"/> on are zero and not read.</summary>
    /// <param name="source">The first integer.</param>
    /// <param name="stride">The distance, in integers.</param>
    /// <param name="count">How many lanes there are.</param>
    static abstract TSelf LoadStrided(int* source, int stride, int count);

    /// <summary>Stores sixteen floats.</summary>
    /// <param name="value">The floats.</param>
    /// <param name="target">Where the first goes.</param>
    static abstract void Store(TSelf value, float* target);

    /// <summary>Stores the first lanes and nothing behind them.</summary>
    /// <param name="value">The floats.</param>
    /// <param name="target">Where the first goes.</param>
    /// <param name="count">How many lanes to store.</param>
    static abstract void Store(TSelf value, float* target, int count);

    /// <summary>Stores the first lanes <paramref name="stride"/> floats apart.</summary>
    /// <param name="value">The floats.</param>
    /// <param name="target">Where the first goes.</param>
    /// <param name="stride">The distance, in floats.</param>
    /// <param name="count">How many lanes to store.</param>
    static abstract void StoreStrided(TSelf value, float* target, int stride, int count);

    /// <summary>The numbers start, start + 1, … in the lanes.</summary>
    /// <param name="start">The first number.</param>
    static abstract TSelf From(int start);

    /// <summary>The value in the first lanes, another in the rest.</summary>
    /// <param name="value">The value.</param>
    /// <param name="count">How many lanes keep it.</param>
    /// <param name="fill">What the others hold.</param>
    static abstract TSelf Keep(TSelf value, int count, float fill);

    /// <summary>The first lane.</summary>
    /// <param name="value">The floats.</param>
    static abstract float First(TSelf value);

    /// <summary>The sum of all lanes: lane l with l + 8, then 4, 2 and 1.</summary>
    /// <param name="value">The floats.</param>
    static abstract float Sum(TSelf value);

    /// <summary>The largest of all lanes; NaN when one of them is.</summary>
    /// <param name="value">The floats.</param>
    static abstract float Max(TSelf value);

    /// <summary>
    /// x · y + z: rounded once where the processor has an instruction for it; otherwise, which is possible with 128-bit registers only, the product is rounded, and
    /// then the sum.
    /// </summary>
    /// <param name="x">The first factor.</param>
    /// <param name="y">The second factor.</param>
    /// <param name="z">What is added.</param>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf z);

    /// <summary>x · y + z of single numbers, rounded as vectors are.</summary>
    /// <param name="x">The first factor.</param>
    /// <param name="y">The second factor.</param>
    /// <param name="z">What is added.</param>
    static abstract float MultiplyAdd(float x, float y, float z);

    /// <summary>The absolute value.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Abs(TSelf x);

    /// <summary>The square root.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary>The largest whole number that is not greater.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Floor(TSelf x);

    /// <summary>The smallest whole number that is not less.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Ceiling(TSelf x);

    /// <summary>The nearest whole number, the even one of two.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Round(TSelf x);

    /// <summary>The greater; NaN where either operand is.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf Max(TSelf x, TSelf y);

    /// <summary>The less; NaN where either operand is.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf Min(TSelf x, TSelf y);

    /// <summary>The greater, by one instruction; of a number and NaN, whichever the processor gives, on x64 the second operand.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf MaxNative(TSelf x, TSelf y);

    /// <summary>The less, by one instruction; of a number and NaN, whichever the processor gives, on x64 the second operand.</summary>
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
    /// <param name="x">The values where it is set.</param>
    /// <param name="y">The values where it is not.</param>
    static abstract TSelf Select(TSelf condition, TSelf x, TSelf y);

    /// <summary>2ˣ⁻¹ of whole numbers −125 ≤ x ≤ 128.</summary>
    /// <param name="x">The exponent, which is a whole number.</param>
    static abstract TSelf HalfPowerOfTwo(TSelf x);

    /// <summary>The exponent e of a normal number m · 2ᵉ with ½ ≤ m &lt; 1.</summary>
    /// <param name="x">The number.</param>
    static abstract TSelf Exponent(TSelf x);

    /// <summary>A mask of the lanes where a bit is set in x + added.</summary>
    /// <param name="x">Whole numbers that fit 32 bits.</param>
    /// <param name="added">A whole number.</param>
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

    /// <summary>The value with the other sign.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf operator -(TSelf x);

    /// <summary>Bits that both operands have.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf operator &(TSelf x, TSelf y);

    /// <summary>Bits that either operand has.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    static abstract TSelf operator |(TSelf x, TSelf y);

    /// <summary>Bits that the operand does not have.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf operator ~(TSelf x);
}
