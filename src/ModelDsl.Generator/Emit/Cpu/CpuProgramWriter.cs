using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>The program of a model for one register width: the steps as lists of calls, and the kernels they call.</summary>
internal sealed class CpuProgramWriter
{
    /// <summary>Kernels stand in a namespace and a class.</summary>
    private const int KernelDepth = 2;

    private static readonly string[] ShareBounds = ["RowFrom", "RowTo", "PanelFrom", "PanelTo"];

    private readonly CompiledModel model;
    private readonly CpuTarget target;
    private readonly CodeWriter writer = new();
    private readonly ValueRenderer values;
    private readonly TypeAliases aliases;
    private readonly SharedKernels kernels;
    private Names locals = new();

    private CpuProgramWriter(CompiledModel model, CpuTarget target, bool isChecked)
    {
        this.model = model;
        this.target = target;
        values = new ValueRenderer(target.Bits);
        aliases = new TypeAliases([
            "System.Math", "System.MathF", "System.Runtime.CompilerServices.MethodImplAttribute", "System.Runtime.CompilerServices.MethodImplOptions",
            "ModelDsl.Compiled.Blocks", "ModelDsl.Compiled.CpuProgram", "ModelDsl.Compiled.DropoutRandom", "ModelDsl.Compiled.InferParts", "ModelDsl.Compiled.InferStages",
            "ModelDsl.Compiled.Step", "ModelDsl.Compiled.Worker", $"ModelDsl.Compiled.{values.Lanes}", .. PlanMembers.Types]);
        kernels = new SharedKernels(new KernelWriter(values, KernelDepth, isChecked).Methods, [.. aliases.Names, .. PlanMembers.Names, values.Vector, model.Names.Program(target)]);
    }

    /// <summary>Writes the program.</summary>
    /// <param name="model">The model.</param>
    /// <param name="target">The target.</param>
    /// <param name="training">The training plan of each loss, for the target.</param>
    /// <param name="infer">The inference plan, for the target.</param>
    /// <param name="isChecked">Whether the project has arithmetic checked for overflow by default.</param>
    /// <param name="cancellation">Checked kernel by kernel.</param>
    public static string Write(
        CompiledModel model, CpuTarget target, IReadOnlyList<GraphPlan> training, GraphPlan infer, bool isChecked = false, CancellationToken cancellation = default)
    {
        var program = new CpuProgramWriter(model, target, isChecked);
        for (var loss = 0; loss < training.Count; loss++) program.kernels.Add(training[loss], model.StepName("", loss), cancellation);
        program.kernels.Add(infer, "Infer", cancellation);
        cancellation.ThrowIfCancellationRequested();
        program.WriteFile(training, infer);
        return program.aliases.WithoutUnused(program.writer.ToString());
    }

    private void WriteFile(IReadOnlyList<GraphPlan> training, GraphPlan infer)
    {
        foreach (var line in SourceHeader.KernelLines) writer.Line(line);
        using (writer.Block($"namespace {model.Names.Namespace}"))
        {
            // The vector types are generic, and an alias has no parameters. No second namespace is used, so their names can mean nothing else.
            writer.Line("using global::System.Runtime.Intrinsics;");
            aliases.Write(writer);
            writer.Line();
            writer.Summary([$"{model.Names.Model} in {target.Bits}-bit registers. Every worker runs the same calls, each on its share."]);
            using (writer.Block($"internal sealed unsafe class {model.Names.Program(target)} : CpuProgram"))
            {
                PlanMembers.Write(writer, model, training, infer);
                new StepMethods(model, writer, "in Step step, Worker worker", "in step, worker", "private static", WriteCalls).Write(training, infer);
                foreach (var kernel in kernels.All) kernel.Write(writer);
                VectorMath.Write(writer, values.Vector, values.Functions);
            }
        }
    }

    private void WriteCalls(GraphPlan plan, Func<int, bool> runs)
    {
        var parts = plan.Parts.Where(part => runs(part.Part)).ToArray();
        var launches = parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).ToArray();
        if (launches.Length == 0) return;
        locals = new Names([.. launches.SelectMany(launch => launch.Buffers).Select(storage => storage.Name)]);
        writer.Line("var n = step.N;");
        WritePointers(launches.SelectMany(launch => launch.Buffers).Distinct().ToArray());
        var isFirst = true;
        foreach (var part in parts)
        {
            var condition = PlanParts.Condition(plan.Fused.Graph, part.Part);
            if (condition is null)
            {
                WritePhases(part, ref isFirst);
                continue;
            }

            writer.Line();
            using (writer.Block($"if ({condition})")) WritePhases(part, ref isFirst);
        }
    }

    private void WritePointers(IReadOnlyList<Storage> storages)
    {
        if (storages.Any(storage => storage.Space == Space.Batched)) writer.Line("var capacity = (long)step.Capacity;");
        foreach (var storage in storages.OrderBy(storage => storage.Space).ThenBy(storage => storage.Offset))
        {
            var place = storage.Space switch
            {
                Space.Column => $"({(storage.Type == ElementType.Int ? "int" : "float")}*)step.Columns[{storage.Offset}]",
                Space.Parameters => $"step.Parameters{Plus(storage.Offset)}",
                Space.Gradients => $"step.Gradients{Plus(storage.Offset)}",
                Space.Fixed => $"step.Fixed{Plus(storage.Offset)}",
                _ when storage.Offset == 0 => "step.Batched",
                _ => $"step.Batched + ({storage.Offset} * capacity)",
            };
            writer.Line($"var {storage.Name} = {place};");
        }

        static string Plus(int offset) => offset == 0 ? "" : $" + {offset}";
    }

    private void WritePhases(PlanPart part, ref bool isFirst)
    {
        foreach (var phase in part.Phases)
        {
            if (!isFirst)
            {
                writer.Line();
                writer.Line("worker.Barrier();");
            }

            isFirst = false;
            foreach (var launch in phase.Launches) WriteLaunch(launch);
        }
    }

    private void WriteLaunch(Launch launch)
    {
        var kernel = kernels[launch.Kernel];
        var arguments = launch.Buffers.Select(storage => storage.Name).Append("n").ToList();
        writer.Line();
        if (launch.Kernel.Partition is Grid grid)
        {
            var share = locals.Unique(launch.Kernel.Name + "Share");
            writer.Line($"var {share} = worker.Grid({grid.Rows}, {grid.RowGranule}, {grid.Panels});");
            arguments.AddRange(ShareBounds.Select(bound => $"{share}.{bound}"));
        }
        else
        {
            var range = (Loops.Range)launch.Kernel.Partition;
            var granule = range.Granule == 1 ? "" : $", {range.Granule}";
            arguments.Add($"worker.From({range.Count}{granule})");
            arguments.Add($"worker.To({range.Count}{granule})");
        }

        arguments.AddRange(launch.Streams.Select(stream => Literals.Int(stream)));
        arguments.AddRange(kernel.Main.IsRandom ? ["step.Seed", "step.Number"] : Array.Empty<string>());
        writer.Line($"{kernel.Name}({string.Join(", ", arguments)});");
    }
}
