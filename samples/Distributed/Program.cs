using System.CommandLine;
using System.Globalization;
using Cifar10;
using ModelDsl;
using SeveralRanks;

var data = new Option<DirectoryInfo>("--data") { Description = "The folder with CIFAR-10's binary version; without it, pictures are made." };
var pictures = new Option<int>("--pictures") { Description = "The maximum number of pictures for training.", DefaultValueFactory = _ => 50_000 };
var epochs = new Option<int>("--epochs") { Description = "How often to go through the pictures.", DefaultValueFactory = _ => 2 };
var batch = new Option<int>("--batch") { Description = "Pictures per step, of all ranks together.", DefaultValueFactory = _ => 256 };
var accumulate = new Option<int>("--accumulate") { Description = "Batches per step.", DefaultValueFactory = _ => 1 };
var threads = new Option<int>("--threads") { Description = "Threads of each rank.", DefaultValueFactory = _ => 1 };
var anyOrder = new Option<bool>("--any-order") { Description = "Let MPI add gradients in any order: faster, and results depend on the number of ranks." };
var shard = new Option<bool>("--shard") { Description = "Divide the state of the optimizer among the ranks, to need less memory." };
var run = new Option<DirectoryInfo>("--run") { Description = "A folder for checkpoints. Started again, on any number of ranks, the program continues." };

var command = new RootCommand("Trains one model on several ranks: mpirun -np 2 dotnet Distributed.dll. The result does not depend on how many there are.")
{
    data, pictures, epochs, batch, accumulate, threads, anyOrder, shard, run,
};
command.SetAction((options, cancellation) => Task.Run(() => Train(options, cancellation)));
return command.Parse(args).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

int Train(ParseResult options, CancellationToken cancellation)
{
    try
    {
        using var group = Collective.FromEnvironment();
        group.Deterministic = !options.GetValue(anyOrder);
        var (train, test) = Load(group, options);
        using var device = new CpuDevice { Threads = options.GetValue(threads) };
        using var model = new CifarNet(seed: 1, device: device);
        var trainer = new Trainer(new Adam(1e-3))
        {
            Group = group,
            Epochs = options.GetValue(epochs),
            BatchSize = options.GetValue(batch),
            AccumulateSteps = options.GetValue(accumulate),
            Shard = options.GetValue(shard) ? Sharding.Optimizer : Sharding.None,
            Checkpoint = options.GetValue(run) is { } folder ? new CheckpointOptions(folder.FullName) { EverySteps = 50 } : null,
            View = TrainingView.None,
        };
        var history = trainer.Fit(model, train, test, cancellation);

        // Not on the standard output, which is the same on any number of ranks.
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rank {group.Rank}: {trainer.Optimizer.StateBytes(model) / 1024} KiB of the optimizer's state, {Environment.WorkingSet >> 20} MiB in all"));
        if (!group.IsRoot)
            return 0;
        foreach (var epoch in history.Epochs)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Epoch}: loss {epoch.Loss:R}, test loss {epoch.Validation!.Loss:R}, test accuracy {epoch.Validation["accuracy"]:R}"));
        if (history.Epochs.Count > 0)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Count} {(group.Count == 1 ? "rank" : "ranks")}: {history.Epochs.Average(epoch => epoch.SamplesPerSecond):0} pictures per second"));
        return 0;
    }
    catch (Exception exception) when (exception is IOException or InvalidDataException or DllNotFoundException or CollectiveException or CheckpointMismatchException)
    {
        Console.Error.WriteLine(exception.Message);
        return 1;
    }
}

// The other ranks would wait for one that cannot read the pictures: it ends them.
(Dataset Train, Dataset Test) Load(Collective group, ParseResult options)
{
    try
    {
        return Pictures.Load(options.GetValue(data)?.FullName, options.GetValue(pictures));
    }
    catch (Exception exception) when (exception is IOException or InvalidDataException)
    {
        group.Abort($"rank {group.Rank} cannot read the pictures: {exception.Message}");
        throw;
    }
}
