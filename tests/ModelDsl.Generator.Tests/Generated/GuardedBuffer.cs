using System.Runtime.InteropServices;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>
/// Memory a program works on, filled with a marked NaN that no computation makes: what is read before it is written poisons results, and what is
/// written outside shows in the guards around it.
/// </summary>
internal sealed unsafe class GuardedBuffer : IDisposable
{
    /// <summary>A quiet NaN with a payload of its own.</summary>
    public const int Poison = 0x7FC0DEAD;

    private const int Guard = 64;
    private const int GuardValue = 0x7FC0BAD0;

    private readonly int* start;
    private readonly int length;

    public GuardedBuffer(int length)
    {
        this.length = length;
        start = (int*)NativeMemory.AlignedAlloc((nuint)((length + (2 * Guard)) * sizeof(int)), 64);
        new Span<int>(start, length + (2 * Guard)).Fill(GuardValue);
        Span.Fill(Poison);
    }

    public float* Floats => (float*)(start + Guard);

    public Span<int> Span => new(start + Guard, length);

    public Span<float> Values => new(start + Guard, length);

    public void CheckGuards(string what)
    {
        Assert.False(new Span<int>(start, Guard).ContainsAnyExcept(GuardValue), $"something was written before {what}");
        Assert.False(new Span<int>(start + Guard + length, Guard).ContainsAnyExcept(GuardValue), $"something was written behind {what}");
    }

    public void Dispose() => NativeMemory.AlignedFree(start);
}
