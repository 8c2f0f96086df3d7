using System.Security.Cryptography;
using System.Text;
using ModelDsl.Images;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Distributed.Tests.Support;

/// <summary>The run of the program that tests start: with checkpoints after each step if there is a folder.</summary>
internal static class Job
{
    public static GroupedRun Run(string? folder, int batchSize = 32) => new()
    {
        Model = static () => new ResumedNet(seed: 4),
        Train = static () => Samples.Pictures(150).Augment([new RandomFlip(), new RandomShift(0.2)], seed: 5),
        Validation = static () => Samples.Pictures(21, seed: 2),
        Callbacks = static () => [AverageWeights.Exponential(0.9), new EarlyStopping(patience: 1000)],
        Epochs = 8,
        BatchSize = batchSize,
        Checkpoint = folder is null ? null : new CheckpointOptions(folder) { EverySteps = 1, KeepLast = 2, KeepBest = "validation loss" },
    };

    /// <summary>The checksum of a result, without the losses of steps: a process has only its own.</summary>
    public static string Checksum(string result) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(result.Split("\nstep ")[0])));
}
