using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Buckets;

/// <summary>An operation whose result depends on the number of positions, although the additional ones are padding.</summary>
/// <param name="Node">The operation in the graph of all positions.</param>
/// <param name="Reason">What it does, as a verb phrase.</param>
internal sealed record BucketDifference(Node Node, string Reason);
