using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>The memory of a training step whose backward pass computes the activations of blocks again. Both numbers are planned for CPUs.</summary>
/// <param name="Bytes">The bytes for each sample of activations and their gradients.</param>
/// <param name="BytesWithout">The bytes for each sample if all activations were kept.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record RecomputationDescription(long Bytes, long BytesWithout);
