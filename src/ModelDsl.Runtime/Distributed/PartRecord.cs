using System.Runtime.InteropServices;

namespace ModelDsl.Distributed;

/// <summary>What all ranks know of a part of a step or of an evaluation.</summary>
/// <param name="LossSum">The sum of the losses, multiplied by their weights.</param>
/// <param name="Weight">The sum of the weights.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="MicroBatches">The number of micro-batches that are not empty.</param>
[StructLayout(LayoutKind.Sequential)]
internal record struct PartRecord(double LossSum, double Weight, long Samples, long MicroBatches)
{
    /// <summary>Adds records along the tree of the parts.</summary>
    /// <param name="parts">The records; their number is a power of two if the group is deterministic.</param>
    public static PartRecord Sum(ReadOnlySpan<PartRecord> parts)
    {
        if (parts.Length == 1)
            return parts[0];
        var middle = parts.Length / 2;
        var (left, right) = (Sum(parts[..middle]), Sum(parts[middle..]));
        return new PartRecord(left.LossSum + right.LossSum, left.Weight + right.Weight, left.Samples + right.Samples, left.MicroBatches + right.MicroBatches);
    }
}

/// <summary>What all ranks know of a rank in a step.</summary>
/// <param name="Cancelled">Whether the rank's token is cancelled: not 0.</param>
/// <param name="SaveIsDue">Whether the time for a checkpoint has come on the root: not 0.</param>
/// <param name="Seconds">How long the rank's passes took.</param>
[StructLayout(LayoutKind.Sequential)]
internal record struct RankRecord(int Cancelled, int SaveIsDue, double Seconds);
