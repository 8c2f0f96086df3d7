using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModelDsl.Runtime.Tests.Runs;

namespace ModelDsl.Runtime.Tests.Support;

/// <summary>The program that tests start in a process of its own: a run with checkpoints. It prints <c>started</c> after the first step, and at the end a checksum of the result.</summary>
internal static class ChildProgram
{
    /// <summary>The run: it has as many epochs as it takes to be stopped many times.</summary>
    public static ResumedRun Run(string? folder, int everySteps) => new()
    {
        Epochs = 40,
        Callbacks = static () => [AverageWeights.Exponential(0.9), new EarlyStopping(patience: 1000)],
        Checkpoint = folder is null ? null : new CheckpointOptions(folder) { EverySteps = everySteps, KeepLast = 2, KeepBest = "validation loss" },
    };

    /// <summary>The checksum of a result, without the losses of steps: a process has only its own.</summary>
    public static string Checksum(ResumedRun run)
    {
        run.Losses.Clear();
        var text = run.Result.Split("\nstep ")[0];
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    public static int Main(string[] arguments)
    {
        if (arguments is not ["train", var folder, var everySteps, var milliseconds])
            return 2;
        try
        {
            var run = Run(folder, int.Parse(everySteps, CultureInfo.InvariantCulture));
            run.Fit(new Announcer(int.Parse(milliseconds, CultureInfo.InvariantCulture)));
            foreach (var warning in run.History.Warnings)
                Console.WriteLine($"warning {warning.Message}");
            Console.WriteLine($"result {Checksum(run)}");
            return 0;
        }
        catch (IOException exception)
        {
            Console.WriteLine($"error {exception.Message}");
            return 1;
        }
    }

    private sealed class Announcer(int milliseconds) : TrainingCallback
    {
        private bool announced;

        public override void StepEnded(TrainingRun run, in TrainingStep step)
        {
            if (!announced)
                Console.WriteLine("started");
            announced = true;
            if (milliseconds > 0)
                Thread.Sleep(milliseconds);
        }
    }
}
