namespace ModelDsl;

/// <summary>
/// Which pass over the data a batch belongs to. What is drawn at random for a sample depends on this and on the sample alone, and so neither on threads nor on
/// the batch it is in.
/// </summary>
/// <param name="Seed">The seed of the batches; 0 when nobody gave one.</param>
/// <param name="Number">The number of the pass: while training, that of the epoch, from 0 on.</param>
public readonly record struct DataPass(ulong Seed, ulong Number);
