using System.ComponentModel;
using System.Numerics;
using ModelDsl.Parameters;

namespace ModelDsl.Compiled;

/// <summary>
/// A value that a kernel stores, in a program that checks its numbers (the project's property <c>ModelDslCheckNumbers</c>). The program calls
/// <see cref="Run"/> after each phase with the values that the phase has completed.
/// </summary>
/// <param name="Value">The value, such as <c>'dense1'</c> or <c>the gradient of 'dense1.weight'</c>.</param>
/// <param name="Layer">The layer with its arguments, such as <c>dense1: Dense(128)</c>; null if the value belongs to none.</param>
/// <param name="Pass">The pass that computes it: <c>forward</c> or <c>backward</c>.</param>
/// <param name="Kernel">The method that computes it.</param>
/// <param name="Formula">What the method computes, one line for each step.</param>
/// <param name="Shape">The shape of the value, without the batch axis.</param>
/// <param name="Layout">How the elements of the value, or of a sample of it, lie in its buffer.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record NumberCheck(string Value, string? Layer, string Pass, string Kernel, string[] Formula, int[] Shape, ParameterLayout Layout)
{
    /// <summary>The number of elements that a worker checks at a time.</summary>
    private const int Block = 1024;

    /// <summary>The offset of the first element in the buffer.</summary>
    public int Base { get; init; }

    /// <summary>The distance from one sample to the next; 0 for a value without a batch axis.</summary>
    public int SampleStride { get; init; }

    /// <summary>Whether infinity is a valid number, because the formula of the value contains it. NaN is an error nevertheless.</summary>
    public bool AllowsInfinity { get; init; }

    /// <summary>Checks values that were completed in a phase. All workers must have completed the phase, and call this method.</summary>
    /// <param name="model">The name of the model.</param>
    /// <param name="checks">The checks of the program.</param>
    /// <param name="first">The index of the check of the first value; the checks of the others follow.</param>
    /// <param name="buffers">The addresses of the buffers of the values.</param>
    /// <param name="step">The step.</param>
    /// <param name="worker">The worker, which checks its share of each value.</param>
    /// <exception cref="NonFiniteNumberException">A value is infinite or NaN.</exception>
    public static unsafe void Run(string model, NumberCheck[] checks, int first, ReadOnlySpan<nint> buffers, in Step step, Worker worker)
    {
        ArgumentNullException.ThrowIfNull(checks);
        var isFinite = true;
        for (var i = 0; i < buffers.Length; i++)
            isFinite &= checks[first + i].IsFinite((float*)buffers[i], step.N, worker);
        if (isFinite)
            return;

        // A worker that finds a number names the first one of the phase, which another worker may have found: the message does not depend on threads.
        for (var i = 0; i < buffers.Length; i++)
            checks[first + i].ThrowFirst(model, (float*)buffers[i], in step);
    }

    /// <summary>Whether the numbers in a worker's share of the buffer are finite. The buffer may contain other numbers between those of the value.</summary>
    private unsafe bool IsFinite(float* buffer, int samples, Worker worker)
    {
        var length = ((samples - 1L) * SampleStride) + Layout.Floats;
        var blocks = (int)((length + Block - 1) / Block);
        for (var block = worker.From(blocks); block < worker.To(blocks); block++)
        {
            var from = (long)block * Block;
            if (!IsFinite(new ReadOnlySpan<float>(buffer + Base + from, (int)Math.Min(Block, length - from)), AllowsInfinity))
                return false;
        }

        return true;
    }

    /// <summary>Whether numbers are finite.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="allowsInfinity">Whether only NaN is not allowed.</param>
    internal static bool IsFinite(ReadOnlySpan<float> values, bool allowsInfinity = false)
    {
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var some = new Vector<float>(values[i..]);
            // The difference is NaN for infinite numbers too.
            if (!(allowsInfinity ? Vector.EqualsAll(some, some) : Vector.EqualsAll(some - some, Vector<float>.Zero)))
                return false;
        }

        for (; i < values.Length; i++)
        {
            if (!IsValid(values[i], allowsInfinity))
                return false;
        }

        return true;
    }

    private static bool IsValid(float value, bool allowsInfinity) => allowsInfinity ? !float.IsNaN(value) : float.IsFinite(value);

    private unsafe void ThrowFirst(string model, float* buffer, in Step step)
    {
        var map = new LayoutMap(Shape, Layout);
        var indices = new int[Shape.Length];
        for (var sample = 0; sample < (SampleStride == 0 ? 1 : step.N); sample++)
        {
            do
            {
                var number = buffer[Base + ((long)sample * SampleStride) + map.OffsetOf(indices)];
                if (!IsValid(number, AllowsInfinity))
                    throw new NonFiniteNumberException(model, this, number, (int)step.Number + 1, SampleStride == 0 ? null : sample, indices);
            }
            while (Coordinates.Advance(indices, Shape));
        }
    }
}
