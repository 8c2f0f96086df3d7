using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>Writes a step as a list of calls, with barriers between its phases.</summary>
/// <param name="writer">The writer of the method.</param>
/// <param name="kernels">The kernels to call.</param>
/// <param name="checks">Checks the numbers that they compute; null if they are not checked.</param>
internal sealed class CallWriter(CodeWriter writer, CpuKernels kernels, NumberChecks? checks = null)
{
    /// <summary>Writes the calls of the parts of a plan that a method runs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="runs">Whether a method runs a part.</param>
    public void Write(GraphPlan plan, Func<int, bool> runs)
    {
        var parts = plan.Parts.Where(part => runs(part.Part)).ToArray();
        var launches = parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).ToArray();
        if (launches.Length == 0) return;
        writer.Line("var n = step.N;");
        WritePointers(launches.SelectMany(launch => launch.Buffers).Distinct().ToArray(), plan.Arenas.WorkerFloats);
        var completed = checks?.CompletedBy(plan);
        var gradients = plan.Computes(RootKind.Gradient) && !runs(0) ? new GradientMarks(plan, parts) : null;

        // In a backward pass, all workers also announce gradients and check numbers between phases.
        var tasks = new TaskShares(writer, HasTasks);
        if (completed is null && gradients is null) tasks.Declare(parts, part => Condition(part) is not null);
        foreach (var part in parts)
        {
            if (Condition(part) is not { } condition)
            {
                WritePhases(part, Check, gradients, tasks);
                tasks.EndPart(isConditional: false);
                continue;
            }

            writer.Line();
            using (writer.Block($"if ({condition})"))
            {
                WritePhases(part, Check, gradients, tasks);
                tasks.EndPart(isConditional: true);
            }
        }

        string? Condition(PlanPart part) => PlanParts.Condition(plan.Fused.Graph, part.Part);

        void Check(PlanPart part, Phase phase)
        {
            if (completed?[phase].ToArray() is not { Length: > 0 } values) return;
            TaskShares.WriteBarrier(writer);
            checks!.Write(writer, plan, part.Part, values);
        }
    }

    /// <summary>Writes the calls of launches that do not depend on each other.</summary>
    public void Write(IReadOnlyList<Launch> launches)
    {
        writer.Line("var n = step.N;");
        WritePointers(launches.SelectMany(launch => launch.Buffers).Distinct().ToArray(), workerFloats: 0);
        foreach (var launch in launches) WriteLaunch(launch);
    }

    private void WritePointers(IReadOnlyList<Storage> storages, int workerFloats)
    {
        if (storages.Any(storage => storage.Space is Space.Batched or Space.Cache)) writer.Line("var capacity = (long)step.Capacity;");
        foreach (var storage in storages.OrderBy(storage => storage.Space).ThenBy(storage => storage.Offset))
        {
            var address = storage.Space switch
            {
                Space.Column => $"({(storage.Type == ElementType.Int ? "int" : "float")}*)step.Columns[{storage.Offset}]",
                Space.Parameters => Fixed("step.Parameters", storage),
                Space.ParameterCopies => Fixed("step.ParameterCopies", storage),
                Space.Gradients => Fixed("step.Gradients", storage),
                Space.Fixed => Fixed("step.Fixed", storage),
                Space.Cache => Batched("step.Caches", storage),
                Space.Worker => ValueRenderer.Address("step.Workers", $"worker.Index * {workerFloats}"),
                _ => Batched("step.Batched", storage),
            };
            writer.Line($"var {storage.Name} = {address};");
        }

        static string Fixed(string arena, Storage storage) => storage.Offset == 0 ? arena : ValueRenderer.Address(arena, Literals.Int(storage.Offset));

        static string Batched(string arena, Storage storage) => storage.Offset == 0 ? arena : ValueRenderer.Address(arena, $"{storage.Offset} * capacity");
    }

    private void WritePhases(PlanPart part, Action<PlanPart, Phase> check, GradientMarks? gradients, TaskShares tasks)
    {
        for (var number = 0; number < part.Phases.Count; number++)
        {
            if (part.Phases[number].Loop is { } loop)
            {
                var end = number;
                while (end < part.Phases.Count && part.Phases[end].Loop == loop) end++;
                tasks.Skip();
                WriteLoop(loop, [.. part.Phases.Skip(number).Take(end - number)]);
                number = end - 1;
            }
            else
            {
                if (tasks.Begin(part.Phases[number])) gradients?.Write(writer);
                foreach (var launch in part.Phases[number].Launches) WriteLaunch(launch, tasks.IsOpen);
            }

            check(part, part.Phases[number]);
            gradients?.Ended(part.Phases[number]);
        }
    }

    /// <summary>Writes a loop over blocks of rows. Its phases use the results of the block before, so a barrier is needed before each of them.</summary>
    private void WriteLoop(RowLoop loop, IReadOnlyList<Phase> phases)
    {
        var (row, rows, count) = (RowLoop.Row.Name, RowLoop.BlockSize.Name, SymbolNames.OfStep(loop.Rows));
        writer.Line();
        using (writer.Block($"for (var {row} = 0; {row} < {count}; {row} += {loop.BlockRows})"))
        {
            writer.Line($"var {rows} = Math.Min({loop.BlockRows}, {(loop.Rows == KernelBuilder.BatchSize ? count : $"({count})")} - {row});");
            foreach (var phase in phases)
            {
                TaskShares.WriteBarrier(writer);
                foreach (var launch in phase.Launches) WriteLaunch(launch);
            }
        }
    }

    private bool HasTasks(Launch launch) => kernels[launch.Kernel].Generic is not null && launch.Kernel.Partition is Loops.Range;

    private void WriteLaunch(Launch launch, bool hasShare = false)
    {
        var kernel = kernels[launch.Kernel];
        var factor = kernels.BatchFactor(launch.Kernel);
        var size = launch.Loop is null ? KernelBuilder.BatchSize : RowLoop.BlockSize;
        List<string> arguments = [.. launch.Buffers.Select((storage, number) => Argument(launch, storage, number)), SymbolNames.OfStep(size * factor)];
        if (hasShare)
        {
            arguments.AddRange(TaskShares.Bounds);
        }
        else if (HasTasks(launch))
        {
            var range = (Loops.Range)launch.Kernel.Partition;
            var tasks = range with { Count = range.Count.With(KernelBuilder.BatchSize, size) };
            arguments.AddRange([KernelWriter.From(tasks), KernelWriter.To(tasks)]);
        }
        else
        {
            arguments.Add("worker");
        }

        arguments.AddRange(launch.Streams.Select(stream => Literals.Int(stream)));
        arguments.AddRange(kernel.Kernel.Main.IsRandom ? ["step.Seed", "step.Number"] : Array.Empty<string>());
        writer.Line();
        writer.Line($"{(LastingCopies.IsCopy(launch) ? "if (!step.HasCopies) " : "")}{kernel.Kernel.Name}({string.Join(", ", arguments)});");
    }

    private static string Argument(Launch launch, Storage storage, int number) => launch.Loop is null || launch.RowStrides[number] is 0 ? storage.Name
        : ValueRenderer.Address(storage.Name, launch.RowStrides[number] is 1 ? RowLoop.Row.Name : $"(long){RowLoop.Row.Name} * {launch.RowStrides[number]}");
}
