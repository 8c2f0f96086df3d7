using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using ModelDsl.Runs;

namespace ModelDsl.Distributed;

/// <summary>What the ranks of a run of <see cref="Trainer.Fit"/> agree on, apart from the steps.</summary>
/// <param name="group">The group.</param>
/// <param name="run">The run.</param>
internal sealed class GroupRun(Collective group, TrainingRun run)
{
    /// <summary>The number of floats that are sent at a time.</summary>
    private const int Chunk = 1 << 22;

    // The work of the root within which the run is, if a callback of another run calls Fit.
    private readonly RootWork? outer = group.Work;

    /// <summary>Whether the exception that is thrown next is thrown on all ranks.</summary>
    public bool Agrees { get; set; }

    /// <summary>Checks that all ranks do the same, and gives all of them the parameters and states of the root.</summary>
    /// <param name="settings">The settings of the run.</param>
    /// <exception cref="CollectiveException">A rank has other settings.</exception>
    public void Begin(IEnumerable<RunSetting> settings)
    {
        outer?.Suspend();
        Agrees = true;
        Handshake.Check(group,
        [
            .. settings,
            RunSetting.Of("the number of steps that the model was trained before", run.Model.TrainingSteps),
            RunSetting.Of("Deterministic of the group", group.Deterministic),
        ]);
        Agrees = false;
        if (group.Count == 1)
            return;
        var parameters = run.Model.OnDevice.Parameters;
        using var access = run.Model.Write();
        var values = new float[Math.Min(Chunk, parameters.Length)];
        for (var at = 0; at < parameters.Length; at += values.Length)
        {
            var part = values.AsSpan(0, Math.Min(values.Length, parameters.Length - at));
            parameters.Read(at, part);
            group.Send(MemoryMarshal.AsBytes(part));
            parameters.Write(at, part);
        }
    }

    /// <summary>Ends the run, also after an exception.</summary>
    public void End() => outer?.Resume();

    /// <summary>Gives all ranks the root's factor of the learning rate, and the reason of the first rank that ends the run.</summary>
    public void EpochEnded()
    {
        if (group.Count == 1)
            return;
        var reason = Encoding.UTF8.GetBytes(run.StopReason ?? "");
        var message = new byte[sizeof(double) + reason.Length];
        BinaryPrimitives.WriteDoubleLittleEndian(message, run.LearningRateFactor);
        reason.CopyTo(message.AsSpan(sizeof(double)));
        var all = group.Gather(CollectiveCall.EpochEnd, message);
        run.LearningRateFactor = BinaryPrimitives.ReadDoubleLittleEndian(all[0]);
        if (Array.Find(all, static bytes => bytes.Length > sizeof(double)) is { } stopped && run.StopReason is null)
            run.Stop(Encoding.UTF8.GetString(stopped.AsSpan(sizeof(double))));
    }

    /// <summary>Returns the bytes of memory of the rank that uses most. All ranks call it.</summary>
    public long GreatestMemory() => group.Gather(CollectiveCall.Memory, BitConverter.GetBytes(Environment.WorkingSet)).Max(static bytes => BitConverter.ToInt64(bytes));

    /// <summary>Returns the first cause that a rank has found of a loss that is not finite; null if there is none. All ranks call it.</summary>
    /// <param name="own">The cause that this rank has found.</param>
    public string? CauseOfAll(string? own)
    {
        var all = group.Gather(CollectiveCall.Cause, Encoding.UTF8.GetBytes(own ?? ""));
        return Array.Find(all, static bytes => bytes.Length > 0) is { } first ? Encoding.UTF8.GetString(first) : null;
    }

    /// <summary>Ends the other ranks after an exception, unless they have it too.</summary>
    /// <param name="exception">The exception.</param>
    public void Failed(Exception exception)
    {
        if (!Agrees)
            group.Failed(exception);
    }
}
