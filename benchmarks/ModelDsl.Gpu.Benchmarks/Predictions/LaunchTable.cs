using System.Globalization;
using System.Text;

namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>Writes predicted launches as a table.</summary>
internal static class LaunchTable
{
    private const string Head = "      µs bound        groups threads    MFLOP       MB  shared |    FMA  float  loads stores shared integer   rem  other | kernel";

    /// <summary>Returns the table.</summary>
    /// <param name="launches">The launches, in the order of the rows.</param>
    public static string Text(IEnumerable<PredictedLaunch> launches)
    {
        var text = new StringBuilder();
        text.Append(Head).Append('\n');
        foreach (var one in launches)
            text.Append(Row(one)).Append('\n');
        return text.ToString();
    }

    /// <summary>Returns the sums.</summary>
    public static string Sums(IReadOnlyList<PredictedLaunch> launches, DeviceLimits gpu) => string.Create(CultureInfo.InvariantCulture,
        $"{launches.Count} launches, {launches.Sum(static one => one.Flops) / 1e9:F2} GFLOP, {launches.Sum(static one => one.Bytes) / 1e9:F3} GB; "
        + $"predicted for an {gpu.Name}: {launches.Sum(static one => one.Prediction.Seconds) * 1e3:F3} ms, of which {launches.Count * gpu.LaunchSeconds * 1e3:F3} ms are launches; "
        + $"{launches.Sum(static one => one.Prediction.WithoutInstructions) * 1e3:F3} ms if only operations on floats and memory took time");

    private static string Row(PredictedLaunch one)
    {
        var (launch, loop) = (one.Launch, one.Loop);
        var fused = loop.Count(InstructionKind.FusedMultiplyAdd, InstructionKind.MatrixProduct);
        var floats = loop.Count(InstructionKind.Float, InstructionKind.Function);
        var others = loop.Count(InstructionKind.Comparison, InstructionKind.Control);
        return string.Create(CultureInfo.InvariantCulture,
            $"{one.Prediction.Seconds * 1e6,8:F1} {one.Prediction.Bound,-12} {launch.Groups,6} {launch.Threads,7} {one.Flops / 1e6,8:F1} {one.Bytes / 1e6,8:F2} {launch.SharedBytes,7} | "
            + $"{fused,6:F0} {floats,6:F0} {loop.Count(InstructionKind.GlobalLoad),6:F0} {loop.Count(InstructionKind.GlobalStore),6:F0} {loop.Count(InstructionKind.Shared),6:F0} "
            + $"{loop.Count(InstructionKind.Integer),7:F0} {loop.Count(InstructionKind.Remainder),5:F0} {others,6:F0} | {launch.Name}{(one.Undecided > 0 ? " (has branches that depend on data)" : "")}");
    }
}
