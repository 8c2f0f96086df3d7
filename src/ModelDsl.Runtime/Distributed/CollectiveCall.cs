namespace ModelDsl.Distributed;

/// <summary>The call in which a rank exchanges bytes with all others. All ranks must be in the same one.</summary>
internal enum CollectiveCall : byte
{
    /// <summary>The rank leaves the group.</summary>
    Leave,

    /// <summary><see cref="Collective.Barrier"/>.</summary>
    Barrier,

    /// <summary><see cref="Collective.Broadcast"/>.</summary>
    Broadcast,

    /// <summary><see cref="Collective.Gather(ReadOnlySpan{byte})"/>.</summary>
    Gather,

    /// <summary><see cref="Collective.Reduce(Model)"/>.</summary>
    Reduce,

    /// <summary>The beginning of a run.</summary>
    Begin,

    /// <summary>The search for a checkpoint to continue from.</summary>
    Find,

    /// <summary>A step of a run.</summary>
    Step,

    /// <summary>The cause of a loss that is not finite.</summary>
    Cause,

    /// <summary>The metrics of an epoch or of an evaluation.</summary>
    Metrics,

    /// <summary>The beginning of <see cref="Trainer.Evaluate"/>.</summary>
    BeginEvaluation,

    /// <summary>The sums of an evaluation.</summary>
    Evaluate,

    /// <summary>The end of an epoch.</summary>
    EpochEnd,

    /// <summary>The state of an optimizer of each rank, which the root saves.</summary>
    State,

    /// <summary>The end of saving a checkpoint.</summary>
    Save,

    /// <summary>The memory that each rank uses.</summary>
    Memory,
}

/// <summary>What messages say of calls.</summary>
internal static class CollectiveCalls
{
    /// <summary>Returns what a rank does in a call.</summary>
    /// <param name="call">The call.</param>
    public static string Describe(this CollectiveCall call) => call switch
    {
        CollectiveCall.Leave => "has left the group",
        CollectiveCall.Begin => "begins Fit",
        CollectiveCall.Find => "looks for a checkpoint in Fit",
        CollectiveCall.Step => "runs a step of Fit",
        CollectiveCall.Cause => "looks for the cause of a loss that is not finite",
        CollectiveCall.Metrics => "adds metrics",
        CollectiveCall.BeginEvaluation => "calls Evaluate",
        CollectiveCall.Evaluate => "ends an evaluation",
        CollectiveCall.EpochEnd => "ends an epoch of Fit",
        CollectiveCall.State or CollectiveCall.Save => "saves a checkpoint",
        CollectiveCall.Memory => "ends an epoch of Fit",
        _ => $"calls {call}",
    };

    /// <summary>Returns how long the root waits for another rank.</summary>
    /// <param name="call">The call.</param>
    /// <param name="group">The group.</param>
    public static TimeSpan LimitOfRoot(this CollectiveCall call, Collective group) =>
        call is CollectiveCall.Begin or CollectiveCall.BeginEvaluation or CollectiveCall.Leave ? Collective.SlowLimit : group.Limit;

    /// <summary>Returns how long another rank waits for the root.</summary>
    /// <param name="call">The call.</param>
    /// <param name="group">The group.</param>
    public static TimeSpan LimitOfOthers(this CollectiveCall call, Collective group) => call switch
    {
        CollectiveCall.Leave or CollectiveCall.Barrier or CollectiveCall.Broadcast or CollectiveCall.Gather or CollectiveCall.Begin or CollectiveCall.BeginEvaluation or CollectiveCall.Find => Collective.SlowLimit,

        // While the root saves, and in callbacks of an epoch, it says every second that it is alive.
        _ => group.LimitForRoot,
    };

    /// <summary>Whether the root answers only to itself: what the others have sent is too large to be sent to all.</summary>
    /// <param name="call">The call.</param>
    public static bool IsForRoot(this CollectiveCall call) => call == CollectiveCall.State;

    /// <summary>Returns the error for ranks that are in different calls; null if all are in the same.</summary>
    /// <param name="calls">The call of each rank.</param>
    public static string? Difference(ReadOnlySpan<CollectiveCall> calls)
    {
        var other = calls.IndexOfAnyExcept(calls[0]);
        if (other < 0)
            return null;
        var (first, second) = calls[other] == CollectiveCall.Leave ? (other, 0) : (0, other);
        return calls[first] == CollectiveCall.Leave
            ? $"Rank {first} has left the group, and rank {second} {calls[second].Describe()}. What to do: look for an earlier error of rank {first}; if there is none, call the same methods in the same order on all ranks."
            : $"The ranks of the group call different methods: rank {first} {calls[first].Describe()}, and rank {second} {calls[second].Describe()}. What to do: call the same methods in the same order on all ranks, with the same options.";
    }
}
