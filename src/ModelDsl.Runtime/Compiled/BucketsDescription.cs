using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>The lengths that a model is compiled for in addition to that of its samples.</summary>
/// <param name="Length">The number of positions of a sample.</param>
/// <param name="Lengths">The shorter lengths, in ascending order.</param>
/// <param name="Paddings">The inputs that decide how long a sample is, and their tokens of padding.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record BucketsDescription(int Length, int[] Lengths, PaddingDescription[] Paddings)
{
    /// <summary>Returns the index of the shortest length that holds all samples of a batch; the number of lengths if only all positions do.</summary>
    /// <param name="batch">The batch, whose first columns are the inputs.</param>
    internal int BucketOf(Batch batch)
    {
        var bucket = 0;
        foreach (var padding in Paddings)
        {
            ReadOnlySpan<int> ids = batch.Ints(padding.Input);
            for (; ids.Length > 0 && bucket < Lengths.Length; ids = ids[Length..])
            {
                while (bucket < Lengths.Length && ids[Lengths[bucket]..Length].ContainsAnyExcept(padding.Token))
                    bucket++;
            }
        }

        return bucket;
    }
}

/// <summary>The plans of a bucket.</summary>
/// <param name="Train">The memory and the work of a training step; with several losses, enough for a step of any of them.</param>
/// <param name="Losses">The memory and the work of a training step of each of several losses; empty for a single one.</param>
/// <param name="Inference">The memory and the work of inference.</param>
/// <param name="Outputs">The offsets of the model's outputs in the memory of the plans.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record BucketPlansDescription(PlanDescription Train, PlanDescription[] Losses, PlanDescription Inference, OutputOffsets[] Outputs)
{
    /// <summary>Returns the plans of a bucket; those for all positions after the last.</summary>
    /// <param name="program">The program.</param>
    /// <param name="bucket">The index of the bucket.</param>
    internal static BucketPlansDescription Of(DeviceProgram program, int bucket) => bucket < program.Buckets.Length
        ? program.Buckets[bucket]
        : new(program.Train, program.Losses, program.Inference, program.Outputs);

    /// <summary>Returns all plans of a program, those of its buckets first.</summary>
    internal static BucketPlansDescription[] AllOf(DeviceProgram program) => [.. Enumerable.Range(0, program.Buckets.Length + 1).Select(bucket => Of(program, bucket))];
}
