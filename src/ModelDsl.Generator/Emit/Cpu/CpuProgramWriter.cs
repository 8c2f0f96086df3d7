using System.Text.RegularExpressions;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>The program of a model for one register width: the steps as lists of calls, and the kernels they call.</summary>
internal sealed class CpuProgramWriter
{
    private static readonly string[] ShareBounds = ["RowFrom", "RowTo", "PanelFrom", "PanelTo"];

    private readonly ProgramNames names;
    private readonly CpuTarget target;
    private readonly CodeWriter writer = new();
    private readonly ValueRenderer values;
    private readonly Dictionary<string, SharedKernel> shared = [];
    private readonly List<SharedKernel> kernels = [];
    private readonly Dictionary<Kernel, SharedKernel> sharedOf = [];
    private readonly Names methods = new("forward", "backward", "infer");
    private Names locals = new();

    private CpuProgramWriter(ProgramNames names, CpuTarget target)
    {
        this.names = names;
        this.target = target;
        values = new ValueRenderer(target.Bits);
    }

    public static string Write(ProgramNames names, CpuTarget target, GraphPlan train, GraphPlan infer)
    {
        var program = new CpuProgramWriter(names, target);
        program.Share(train, "");
        program.Share(infer, "Infer");
        program.WriteFile(train, infer);
        return program.writer.ToString();
    }

    /// <summary>Finds kernels that are the same but for names: they become one method.</summary>
    private void Share(GraphPlan plan, string prefix)
    {
        foreach (var kernel in plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).Select(launch => launch.Kernel))
        {
            var key = Canonical(kernel);
            if (!shared.TryGetValue(key, out var known))
            {
                var name = Names.Pascal(methods.Unique(prefix + kernel.Name));
                known = new SharedKernel(Renamed(kernel, name));
                shared.Add(key, known);
                kernels.Add(known);
            }
            else if (known.Kernel.Name != kernel.Name && !known.AlsoFor.Contains(kernel.Name))
            {
                known.AlsoFor.Add(kernel.Name);
            }

            sharedOf[kernel] = known;
        }
    }

    private static Kernel Renamed(Kernel kernel, string name)
    {
        if (name == kernel.Name) return kernel;
        var tiles = kernel.Tiles.ToDictionary(tile => tile, tile => tile with { Name = name + tile.Name.Substring(kernel.Name.Length) });
        return kernel with { Name = name, Main = kernel.Main with { Name = name, Body = Rename(kernel.Main.Body) }, Tiles = [.. kernel.Tiles.Select(tile => tiles[tile])] };

        IReadOnlyList<Statement> Rename(IReadOnlyList<Statement> body) => [.. body.Select(statement => statement switch
        {
            Loop loop => loop with { Body = Rename(loop.Body) },
            If choice => choice with { Then = Rename(choice.Then), Else = Rename(choice.Else) },
            Call call => call with { Function = tiles[call.Function] },
            _ => statement,
        })];
    }

    /// <summary>The kernel's text with every name of its own replaced by the order in which names appear.</summary>
    private string Canonical(Kernel kernel)
    {
        var text = new CodeWriter();
        new KernelWriter(values, text).Write(kernel with { Formula = [""], Tiles = [.. kernel.Tiles.Select(tile => tile with { Remark = "" })] }, []);
        var numbers = new Dictionary<string, string>();
        var own = new HashSet<string>(kernel.Tiles.Select(tile => tile.Name)) { kernel.Name };
        return Regex.Replace(text.ToString(), @"[A-Za-z_]\w*", match =>
        {
            var name = match.Value;
            if ((char.IsUpper(name[0]) && !own.Contains(name)) || Names.Keywords.Contains(name) || name == "var") return name;
            if (!numbers.TryGetValue(name, out var number)) numbers[name] = number = $"${numbers.Count}";
            return number;
        });
    }

    private void WriteFile(GraphPlan train, GraphPlan infer)
    {
        foreach (var line in SourceHeader.Lines) writer.Line(line);
        writer.Line("using System;");
        writer.Line("using System.Runtime.CompilerServices;");
        writer.Line("using System.Runtime.Intrinsics;");
        writer.Line("using ModelDsl.Compiled;");
        writer.Line();
        using (writer.Block($"namespace {names.Namespace}"))
        {
            writer.Summary([$"{names.Model} in {target.Bits}-bit registers. Every worker runs the same calls, each on its share."]);
            using (writer.Block($"internal sealed unsafe class {names.Program(target)} : CpuProgram"))
            {
                WriteStep("Forward", "in Step step, Worker worker", train, part => part == 0);
                WriteStep("Backward", "in Step step, Worker worker", train, part => part == 1);
                WriteStep("Infer", "in Step step, Worker worker, InferParts parts", infer, _ => true);
                foreach (var kernel in kernels) new KernelWriter(values, writer).Write(kernel.Kernel, kernel.AlsoFor);
                VectorMath.Write(writer, values.Vector, values.Functions);
            }
        }
    }

    private void WriteStep(string name, string parameters, GraphPlan plan, Func<int, bool> runs)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        using (writer.Block($"public override void {name}({parameters})"))
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
    }

    private void WritePointers(IReadOnlyList<Storage> storages)
    {
        if (storages.Any(storage => storage.Space == Space.Batched)) writer.Line("var capacity = (nint)step.Capacity;");
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
        var kernel = sharedOf[launch.Kernel].Kernel;
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

    /// <summary>A kernel and what else it is run for.</summary>
    private sealed record SharedKernel(Kernel Kernel)
    {
        public List<string> AlsoFor { get; } = [];
    }
}
