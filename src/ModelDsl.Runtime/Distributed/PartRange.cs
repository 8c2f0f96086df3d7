namespace ModelDsl.Distributed;

/// <summary>The parts of a batch that a rank computes.</summary>
/// <param name="Count">The number of parts of a batch.</param>
/// <param name="First">The first part of the rank.</param>
/// <param name="Own">The number of parts of the rank.</param>
internal readonly record struct PartRange(int Count, int First, int Own)
{
    /// <summary>Returns the selection of the micro-batches of these parts.</summary>
    /// <param name="perPart">The number of micro-batches that each part is cut into.</param>
    /// <param name="minimum">The least number of samples of a micro-batch that is not empty.</param>
    /// <param name="isFixed">Whether the number of parts does not depend on the number of ranks.</param>
    public MicroBatchSelection MicroBatches(int perPart, int minimum, bool isFixed) => new(Count * perPart, First * perPart, Own * perPart)
    {
        Minimum = minimum,
        Description = (isFixed ? FormattableString.Invariant($"{Count} parts") : "a part per rank") + (perPart == 1 ? "" : FormattableString.Invariant($" of {perPart} batches")),
    };
}
