using System.Globalization;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Distributed.Tests.Support;

/// <summary>The program that tests start as the ranks of a job. The root prints the result; each rank announces its process after the first step.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        try
        {
            using var group = Collective.FromEnvironment();
            return arguments switch
            {
                ["train"] => Train(group, Job.Run(folder: null), null),
                ["train", var folder] => Train(group, Job.Run(folder), null),
                ["train", var folder, var milliseconds] => Train(group, Job.Run(folder), new Announcer(group, int.Parse(milliseconds, CultureInfo.InvariantCulture))),
                ["impatient", var folder] => TrainImpatiently(group, folder),
                ["save-slowly", var folder] => TrainWithSlowSave(group, folder),
                ["slow", var rank] => TrainWithSlowRank(group, int.Parse(rank, CultureInfo.InvariantCulture)),
                ["memory", var rank] => TrainWithLargeRank(group, int.Parse(rank, CultureInfo.InvariantCulture)),
                ["any-order"] => TrainInAnyOrder(group),
                ["throw", var rank] => Train(group, Job.Run(folder: null), new Thrower(group, int.Parse(rank, CultureInfo.InvariantCulture))),
                ["leave"] => group.IsRoot ? throw new InvalidOperationException("there is no data") : Train(group, Job.Run(folder: null), null),
                ["mismatch"] => TrainWithAnotherBatch(group),
                _ => 2,
            };
        }
        catch (Exception exception) when (exception is CollectiveException or DllNotFoundException or InvalidOperationException)
        {
            Console.WriteLine($"error {exception.Message}");
            return 3;
        }
    }

    private static int Train(Collective group, GroupedRun run, TrainingCallback? callback)
    {
        var result = run.Fit(group, callback);
        if (group.IsRoot)
            Console.WriteLine($"result {Job.Checksum(result)}");
        return 0;
    }

    /// <summary>Each rank writes its error before it leaves the group: afterwards mpirun ends it as soon as another rank has failed.</summary>
    private static int TrainWithAnotherBatch(Collective group)
    {
        try
        {
            return Train(group, Job.Run(folder: null, batchSize: group.IsRoot ? 32 : 16), null);
        }
        catch (CollectiveException exception)
        {
            Console.WriteLine($"error {exception.Message}");
            return 3;
        }
    }

    private static int TrainInAnyOrder(Collective group)
    {
        group.Deterministic = false;
        using var model = new Cifar10.CifarNet(seed: 1);
        var history = new Trainer(new Sgd(0.1)) { Group = group, BatchSize = 16, Epochs = 1, View = TrainingView.None }.Fit(model, Samples.For(model, 71));
        if (group.IsRoot)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"loss {history.Epochs[0].Loss:F5}"));
        return 0;
    }

    private static int TrainWithSlowRank(Collective group, int rank)
    {
        using var model = new ResumedNet(seed: 4);
        var history = new Trainer(new Sgd(0.1))
        {
            Group = group,
            Epochs = 20,
            Metrics = [new SlowMetric(group.Rank == rank ? 10 : 0)],
            View = TrainingView.None,
        }.Fit(model, Samples.Pictures(70));
        if (group.IsRoot)
        {
            foreach (var warning in history.Warnings)
                Console.WriteLine($"warning {warning.Message}");
        }

        return 0;
    }

    /// <summary>Prints the difference of the greatest memory of a rank and the memory of the root.</summary>
    private static int TrainWithLargeRank(Collective group, int rank)
    {
        var held = new byte[group.Rank == rank ? 400_000_000 : 0];
        Array.Fill(held, (byte)1);
        using var model = new ResumedNet(seed: 4);
        var history = new Trainer(new Sgd(0.1)) { Group = group, Epochs = 1, View = TrainingView.None }.Fit(model, Samples.Pictures(70));
        if (group.IsRoot)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory {history.Epochs[0].RankMemory - Environment.WorkingSet}"));
        GC.KeepAlive(held);
        return 0;
    }

    /// <summary>The root takes longer than the others, which wait for it most of the time.</summary>
    private static int TrainImpatiently(Collective group, string folder)
    {
        group.Timeout = TimeSpan.FromSeconds(1);
        return Train(group, Job.Run(folder), new Announcer(group, group.IsRoot ? 20 : 0));
    }

    private static int TrainWithSlowSave(Collective group, string folder)
    {
        group.Timeout = TimeSpan.FromSeconds(3);
        return Train(group, Job.Run(folder), new SlowlySaved(group));
    }

    /// <summary>Takes some time for each micro-batch.</summary>
    private sealed class SlowMetric(int milliseconds) : Metric, ICheckpointState
    {
        public override string Name => "slow";

        public override double Result => 0;

        public override void Reset()
        {
        }

        public override void Update(in MetricBatch batch) => Thread.Sleep(milliseconds);

        public override Metric CreateEmpty() => new SlowMetric(milliseconds);

        public override void Add(Metric other)
        {
        }

        public void SaveState(CheckpointWriter writer)
        {
        }

        public void RestoreState(CheckpointReader reader)
        {
        }
    }

    /// <summary>On the root, announces the process when it saves, and takes very long for it.</summary>
    private sealed class SlowlySaved(Collective group) : TrainingCallback, ICheckpointState
    {
        public void SaveState(CheckpointWriter writer)
        {
            if (!group.IsRoot)
                return;
            Console.WriteLine($"rank {group.Rank} process {Environment.ProcessId}");
            Thread.Sleep(TimeSpan.FromMinutes(5));
        }

        public void RestoreState(CheckpointReader reader)
        {
        }
    }

    private sealed class Announcer(Collective group, int milliseconds) : TrainingCallback
    {
        private bool announced;

        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            if (!announced)
                Console.WriteLine($"rank {group.Rank} process {Environment.ProcessId}");
            announced = true;
            Thread.Sleep(milliseconds);
        }
    }

    private sealed class Thrower(Collective group, int rank) : TrainingCallback
    {
        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            if (group.Rank == rank && step.Number == 3)
                throw new InvalidDataException("the disk is gone");
        }
    }
}
