using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// Writes the barriers between the phases of a method. Phases whose launches all have one task for each sample, or a single task, are written with a share of these tasks: a single
/// task is done by the worker that arrives last, so it needs one barrier instead of two.
/// </summary>
/// <param name="writer">The writer of the method.</param>
/// <param name="isCalledWithTasks">Whether a launch receives the bounds of its tasks.</param>
internal sealed class TaskShares(CodeWriter writer, Func<Launch, bool> isCalledWithTasks)
{
    private const string Variable = "tasks";

    private readonly HashSet<Phase> shared = [];
    private bool isSynchronized = true;

    // The number of tasks of the phases that the current share belongs to; null if there is none.
    private Index? open;

    /// <summary>The bounds that a kernel receives in a phase with a share.</summary>
    public static IReadOnlyList<string> Bounds { get; } = [$"{Variable}.From", $"{Variable}.To"];

    /// <summary>Whether kernels of the current phase receive <see cref="Bounds"/>.</summary>
    public bool IsOpen => open is not null;

    /// <summary>Writes a barrier.</summary>
    public static void WriteBarrier(CodeWriter writer) => Write(writer, "worker.Barrier();");

    /// <summary>Finds the phases that are written with shares, and declares the variable. A share must end before the next phase, so the last phase of a method has none.</summary>
    /// <param name="parts">The parts of the method.</param>
    /// <param name="isConditional">Whether a part does not always run.</param>
    public void Declare(IReadOnlyList<PlanPart> parts, Func<PlanPart, bool> isConditional)
    {
        var isFirst = true;
        for (var part = 0; part < parts.Count; part++)
        {
            var phases = parts[part].Phases;
            var end = part < parts.Count - 1 && !isConditional(parts[part]) ? phases.Count : phases.Count - 1;
            for (var number = 0; number < end; number++)
            {
                if (!isFirst && TasksOf(phases[number]) is not null) shared.Add(phases[number]);
                isFirst = false;
            }
        }

        if (shared.Count > 0) writer.Line($"TaskShare {Variable};");
    }

    /// <summary>Writes what separates a phase from the one before it.</summary>
    /// <returns>Whether it is a barrier of all workers.</returns>
    public bool Begin(Phase phase)
    {
        var tasks = open is not null || shared.Contains(phase) ? TasksOf(phase) : null;
        if (open is not null && tasks == open)
        {
            Write(writer, $"{Variable}.Barrier();");
            return false;
        }

        End();
        if (!isSynchronized && tasks is not null && shared.Contains(phase))
        {
            Write(writer, $"{Variable} = worker.Tasks({SymbolNames.OfStep(tasks)});");
            open = tasks;
            return false;
        }

        var isBarrier = !isSynchronized;
        if (isBarrier) WriteBarrier(writer);
        isSynchronized = false;
        return isBarrier;
    }

    /// <summary>Continues behind phases that have a barrier before each of them.</summary>
    public void Skip()
    {
        End();
        isSynchronized = false;
    }

    /// <summary>Ends a part.</summary>
    /// <param name="isConditional">Whether it does not always run.</param>
    public void EndPart(bool isConditional)
    {
        End();
        if (isConditional) isSynchronized = false;
    }

    private void End()
    {
        if (open is null) return;
        Write(writer, $"{Variable}.End();");
        open = null;
        isSynchronized = true;
    }

    /// <summary>The number of tasks of each launch of a phase, if it may be 1; otherwise null.</summary>
    private Index? TasksOf(Phase phase)
    {
        if (phase.Loop is not null || !phase.Launches.All(isCalledWithTasks)) return null;
        var ranges = phase.Launches.Select(launch => (Loops.Range)launch.Kernel.Partition).Distinct().ToArray();
        return ranges.Length == 1 && ranges[0] is { Alignment: 1, Count: var count } && (count == KernelBuilder.BatchSize || count.Literal == 1) ? count : null;
    }

    private static void Write(CodeWriter writer, string line)
    {
        writer.Line();
        writer.Line(line);
    }
}
