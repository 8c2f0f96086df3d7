using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>
/// Follows single threads of a launch through the PTX of its kernel. Loops and addresses depend on integers only: arguments, and the numbers of the group and of the thread. These are computed; floats and values in
/// memory are not, so that neither data nor other threads are needed.
/// </summary>
/// <param name="code">The kernel.</param>
/// <param name="launch">The launch.</param>
internal sealed class ThreadFollower(KernelCode code, KernelLaunch launch)
{
    /// <summary>A thread that executes more instructions does not end.</summary>
    private const long MostInstructions = 1L << 25;

    /// <summary>The view of values that are no address.</summary>
    private const int NoView = -1;

    private readonly Value[] registers = new Value[code.Registers];

    /// <summary>Follows a thread from its first instruction to its last.</summary>
    /// <param name="group">The group.</param>
    /// <param name="thread">The thread of the group.</param>
    /// <param name="counts">What it does is added here.</param>
    /// <returns>The number of instructions.</returns>
    public long Run(int group, int thread, ThreadCounts counts)
    {
        Array.Fill(registers, new(0, false, NoView));
        foreach (var (register, value) in code.Constants)
            registers[register] = new(value, true, NoView);
        int[] identity = [thread, launch.Threads, group, launch.Groups, thread % 32];
        for (var i = 0; i < identity.Length; i++)
            registers[i] = new((ulong)identity[i], true, NoView);

        var (next, total) = (0, 0L);
        while (next < code.Steps.Count)
        {
            if (++total > MostInstructions)
                throw new InvalidOperationException($"A thread of {launch.Name} does not end: a loop ends by a value that is not followed.");
            counts.Executed[next]++;
            var step = code.Steps[next++];
            if (step.Predicate >= 0 && !IsExecuted(step, counts))
                continue;
            if (step.Action == CodeAction.Return)
                break;
            if (step.Action == CodeAction.Branch)
                next = step.Location;
            else
                Execute(step, counts);
        }

        return total;
    }

    private bool IsExecuted(CodeStep step, ThreadCounts counts)
    {
        var predicate = registers[step.Predicate];
        if (predicate.IsKnown)
            return (predicate.Bits == 1) != step.IsNegated;
        counts.Undecided++;
        return false;
    }

    private void Execute(CodeStep step, ThreadCounts counts)
    {
        switch (step.Action)
        {
            case CodeAction.Compute:
                registers[step.Targets[0]] = Compute(step);
                break;
            case CodeAction.Argument:
                registers[step.Targets[0]] = Argument(step);
                break;
            case CodeAction.Access:
                CollectionsMarshal.GetValueRefOrAddDefault(step.IsStore ? counts.Stored : counts.Loaded, registers[step.Sources[0]].View, out _) += step.Bytes;
                Forget(step);
                break;
            case CodeAction.Forget:
                Forget(step);
                break;
        }
    }

    private void Forget(CodeStep step)
    {
        foreach (var target in step.Targets)
            registers[target] = new(0, false, NoView);
    }

    private Value Compute(CodeStep step)
    {
        var a = registers[step.Sources[0]];
        var b = step.Sources.Length > 1 ? registers[step.Sources[1]] : new(0, true, NoView);
        var c = step.Sources.Length > 2 ? registers[step.Sources[2]] : new(0, true, NoView);
        var view = Math.Max(a.View, Math.Max(b.View, c.View));
        if (a.IsKnown && b.IsKnown && c.IsKnown)
            return new(step.Function!(a.Bits, b.Bits, c.Bits), true, view);
        var isFalse = step.IsAnd && ((a.IsKnown && a.Bits == 0) || (b.IsKnown && b.Bits == 0));
        return new(0, isFalse, view);
    }

    private Value Argument(CodeStep step)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        launch.Arguments.AsSpan(step.Location, step.Bytes).CopyTo(bytes);
        var isView = step.Bytes == sizeof(ulong) && code.Program.Structures.Any(structure => structure.Start <= step.Location && step.Location < structure.End);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), true, isView ? step.Location : NoView);
    }

    /// <summary>A value.</summary>
    /// <param name="Bits">Its bits.</param>
    /// <param name="IsKnown">Whether they are known.</param>
    /// <param name="View">The offset of the argument with the address that it was computed from.</param>
    private readonly record struct Value(ulong Bits, bool IsKnown, int View);
}
