namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>What threads of a launch do.</summary>
/// <param name="instructions">The number of instructions of the kernel.</param>
internal sealed class ThreadCounts(int instructions)
{
    /// <summary>How often each instruction is executed.</summary>
    public long[] Executed { get; } = new long[instructions];

    /// <summary>The bytes that are loaded, by the offset of the view among the arguments; negative for an address that comes from no view.</summary>
    public Dictionary<int, long> Loaded { get; } = [];

    /// <summary>The bytes that are stored.</summary>
    public Dictionary<int, long> Stored { get; } = [];

    /// <summary>The number of branches whose condition depends on floats or on values in memory. They are not taken.</summary>
    public long Undecided { get; set; }
}
