using System.Runtime.CompilerServices;

namespace ModelDsl.Memory;

/// <summary>
/// Numbers at a fixed address: a pinned managed array whose values start at a multiple of 64 bytes. There are 64 readable bytes after the
/// last value, so that a kernel may load a whole vector at the last value.
/// </summary>
/// <remarks>A span over the buffer keeps the array alive. Code that uses only the pointer must keep the buffer alive.</remarks>
/// <typeparam name="T">The element type, of 4 bytes.</typeparam>
internal sealed unsafe class PinnedBuffer<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly T[] array;
    private readonly int start;

    /// <summary>Allocates a buffer of zeros.</summary>
    /// <param name="length">The number of elements.</param>
    /// <param name="what">What the buffer holds, for the error message if it would be too long.</param>
    /// <exception cref="InvalidOperationException">The buffer would be longer than an array can be, or there is not enough memory.</exception>
    public PinnedBuffer(long length, string what)
    {
        var slack = 2 * Alignment / sizeof(T);
        if (length < 0 || length > Array.MaxLength - slack)
            throw TooLarge(length, what);
        try
        {
            array = GC.AllocateArray<T>((int)length + slack, pinned: true);
        }
        catch (OutOfMemoryException exception)
        {
            throw new InvalidOperationException(
                $"{what} needs {(Int128)length * sizeof(T):N0} bytes, which are not available. Use smaller batches or a smaller model.", exception);
        }

        var address = (nuint)Unsafe.AsPointer(ref array[0]);
        var aligned = (address + Alignment - 1) & ~(nuint)(Alignment - 1);
        start = (int)((aligned - address) / (nuint)sizeof(T));
        Length = (int)length;
        Pointer = (T*)aligned;
    }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>The aligned address of the first element, valid while the buffer is reachable.</summary>
    public T* Pointer { get; }

    /// <summary>All elements.</summary>
    public Span<T> Span => array.AsSpan(start, Length);

    /// <summary>Returns the exception for a buffer that would be longer than an array can be.</summary>
    /// <param name="length">The number of elements.</param>
    /// <param name="what">What the buffer would hold.</param>
    public static InvalidOperationException TooLarge(Int128 length, string what) => new(
        $"{what} would need {length:N0} values in one buffer; at most {Array.MaxLength - (2 * Alignment / sizeof(T)):N0} are possible. Use smaller batches or a smaller model.");

    /// <summary>Returns a range of the elements as memory that keeps the array alive.</summary>
    /// <param name="from">The index of the first element.</param>
    /// <param name="count">The number of elements.</param>
    public Memory<T> Slice(int from, int count) => array.AsMemory(start + from, count);
}
