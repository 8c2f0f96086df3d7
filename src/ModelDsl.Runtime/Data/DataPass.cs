namespace ModelDsl;

/// <summary>
/// The pass over the data that a batch belongs to. Random numbers for a sample depend only on the pass and on the sample, and not on threads or on
/// the batch that contains the sample.
/// </summary>
/// <param name="Seed">The seed of the batches; 0 if none was given.</param>
/// <param name="Number">The number of the pass, starting at 0: while training, the number of the epoch.</param>
public readonly record struct DataPass(ulong Seed, ulong Number);
