using ModelDsl.Generator.Fusion;

namespace ModelDsl.Generator.Buckets;

/// <summary>The graphs of a bucket.</summary>
/// <param name="Length">The number of positions.</param>
/// <param name="Training">The training graph of each loss.</param>
/// <param name="Infer">The inference graph.</param>
internal sealed record BucketGraphs(int Length, IReadOnlyList<PreparedGraph> Training, PreparedGraph Infer);
