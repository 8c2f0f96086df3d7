using System.Runtime.InteropServices;

namespace ModelDsl.Ilgpu.Tests.Ptx;

/// <summary>
/// Runs a kernel's PTX, as the PTX ISA describes it: group by group, every thread as far as it gets alone. It shares no code with ILGPU and none with the
/// compiler, and it is strict: an access beyond a buffer, of a wrong alignment or to memory that was not written, and a barrier that not all threads reach, are errors.
/// </summary>
internal sealed class PtxMachine(PtxProgram program)
{
    private const int WarpSize = 32;
    private const ulong SharedBase = 1UL << 24;
    private const ulong LocalBase = 1UL << 28;
    private const ulong GlobalBase = 1UL << 32;

    /// <summary>From one buffer to the next: an access beyond the end of one hits none.</summary>
    private const int BufferShift = 32;

    private readonly List<byte[]> buffers = [];
    private readonly List<byte> arguments = [];
    private readonly List<(ulong Address, ulong Bytes)> ranges = [];
    private readonly byte[] shared = new byte[program.SharedBytes];
    private readonly bool[] isWritten = new bool[program.SharedBytes];

    /// <summary>Passes a buffer: its address and its length.</summary>
    public PtxMachine View(float[] values)
    {
        buffers.Add(MemoryMarshal.AsBytes<float>(values).ToArray());
        Pass((GlobalBase * (ulong)buffers.Count) + 256);
        Pass((ulong)values.Length);
        return this;
    }

    /// <summary>Passes an integer.</summary>
    public PtxMachine Int(int value)
    {
        arguments.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    /// <summary>Passes all arguments as the bytes of a launch. Addresses in them are those of memory of this process.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="memory">The memory that the kernel may use.</param>
    public PtxMachine Arguments(ReadOnlySpan<byte> bytes, IEnumerable<(ulong Address, ulong Bytes)> memory)
    {
        arguments.AddRange(bytes);
        ranges.AddRange(memory);
        return this;
    }

    /// <summary>What a buffer holds.</summary>
    /// <param name="buffer">Its number among the buffers passed.</param>
    public float[] Read(int buffer) => MemoryMarshal.Cast<byte, float>(buffers[buffer]).ToArray();

    /// <summary>Runs the kernel.</summary>
    public void Launch(int groups, int threads) => Launch(groups, threads, Enumerable.Range(0, groups));

    /// <summary>Runs some groups of the kernel.</summary>
    public void Launch(int groups, int threads, IEnumerable<int> only)
    {
        Assert.Equal(program.ParameterBytes, arguments.Count);
        var operations = new PtxOperations(program, this);
        var code = program.Instructions.Select(operations.Compile).ToArray();
        foreach (var group in only)
        {
            Array.Clear(isWritten);
            var all = Enumerable.Range(0, threads).Select(thread => operations.NewThread(thread, threads, group, groups)).ToArray();
            while (all.Any(thread => thread.State != PtxState.Ended))
            {
                foreach (var thread in all)
                    Run(thread, code);
                Meet(all);
            }
        }
    }

    /// <summary>The bytes at an address, to be read or written.</summary>
    public Span<byte> Memory(PtxThread thread, ulong address, int bytes, bool isStore)
    {
        if (address % (ulong)bytes != 0)
            throw new InvalidOperationException($"An access of {bytes} bytes at {address:x} is not aligned.");
        if (address < GlobalBase && address >= LocalBase)
            return thread.Local.AsSpan(checked((int)(address - LocalBase)), bytes);
        if (address < GlobalBase)
        {
            var offset = checked((int)(address - SharedBase));
            for (var i = 0; i < bytes; i++)
            {
                if (isStore)
                    isWritten[offset + i] = true;
                else if (!isWritten[offset + i])
                    throw new InvalidOperationException($"Shared memory is read at {offset} before it is written.");
            }

            return shared.AsSpan(offset, bytes);
        }

        if (ranges.Count > 0)
            return OfProcess(address, bytes);
        var buffer = buffers[(int)(address >> BufferShift) - 1];
        return buffer.AsSpan((int)(address & (GlobalBase - 1)) - 256, bytes);
    }

    private unsafe Span<byte> OfProcess(ulong address, int bytes)
    {
        if (!ranges.Exists(range => address >= range.Address && address + (ulong)bytes <= range.Address + range.Bytes))
            throw new InvalidOperationException($"An access of {bytes} bytes at {address:x} is in none of the views that were passed.");
        return new((void*)address, bytes);
    }

    /// <summary>The address of a shared array.</summary>
    public static ulong AddressOf(int sharedOffset) => SharedBase + (ulong)sharedOffset;

    /// <summary>The address of an array of a thread's own.</summary>
    public static ulong AddressOfLocal(int localOffset) => LocalBase + (ulong)localOffset;

    /// <summary>The bytes of an argument.</summary>
    public ReadOnlySpan<byte> Argument(int offset, int bytes) => CollectionsMarshal.AsSpan(arguments).Slice(offset, bytes);

    private void Pass(ulong value)
    {
        // Parameters lie at multiples of their size.
        while (arguments.Count % sizeof(ulong) != 0)
            arguments.Add(0);
        arguments.AddRange(BitConverter.GetBytes(value));
    }

    private static void Run(PtxThread thread, Action<PtxThread>[] code)
    {
        while (thread.State == PtxState.Running)
        {
            if (thread.Next == code.Length)
                thread.State = PtxState.Ended;
            else
                code[thread.Next++](thread);
        }
    }

    /// <summary>Lets those go on who wait for one another and have all arrived.</summary>
    private static void Meet(PtxThread[] threads)
    {
        foreach (var warp in threads.Chunk(WarpSize).Where(warp => warp.Any(thread => thread.State == PtxState.InWarp)))
        {
            if (warp.Any(thread => thread.State != PtxState.InWarp || thread.Next != warp[0].Next))
                throw new InvalidOperationException("The threads of a warp do not meet at an instruction they carry out together.");
            warp[0].Together!(warp);
            foreach (var thread in warp)
                thread.State = PtxState.Running;
        }

        if (threads.Any(thread => thread.State == PtxState.Running))
            return;
        var waiting = threads.Count(thread => thread.State == PtxState.AtBarrier);
        if (waiting == 0)
            return;
        if (waiting != threads.Length || threads.Any(thread => thread.Next != threads[0].Next))
            throw new InvalidOperationException("Not all threads of a group meet at a barrier.");
        foreach (var thread in threads)
            thread.State = PtxState.Running;
    }
}

/// <summary>What a thread is about to do.</summary>
internal enum PtxState
{
    Running,
    AtBarrier,
    InWarp,
    Ended,
}

/// <summary>A thread: its registers, and where it is.</summary>
internal sealed class PtxThread(int registers, int localBytes)
{
    private readonly ulong[] values = new ulong[registers];
    private readonly bool[] isWritten = new bool[registers];

    /// <summary>Memory of its own outside registers.</summary>
    public byte[] Local { get; } = new byte[localBytes];

    public int Next { get; set; }

    public PtxState State { get; set; }

    /// <summary>What the warp does when all its threads have come.</summary>
    public Action<PtxThread[]>? Together { get; set; }

    /// <summary>The bits of a register.</summary>
    public ulong this[int register]
    {
        get => isWritten[register] ? values[register] : throw new InvalidOperationException("A register is read before it is written.");
        set => (values[register], isWritten[register]) = (value, true);
    }
}
