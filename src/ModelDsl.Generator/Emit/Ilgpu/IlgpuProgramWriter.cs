using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>Writes the program of a model for ILGPU devices: the steps as lists of launches, and the kernels.</summary>
internal sealed class IlgpuProgramWriter
{
    /// <summary>The indentation level of kernels, which are in a namespace and a class.</summary>
    private const int KernelDepth = 2;

    /// <summary>The namespaces of generic types, which an alias cannot name, and of extension methods.</summary>
    private static readonly string[] Usings = ["ILGPU", "ILGPU.Runtime"];

    private static readonly TypeAliases Aliases = new([
        "System.Math", "System.MathF", "System.Runtime.CompilerServices.MethodImplAttribute", "System.Runtime.CompilerServices.MethodImplOptions",
        "ILGPU.Grid", "ILGPU.Group", "ILGPU.KernelConfig", "ILGPU.SharedMemory", "ILGPU.Runtime.Cuda.CudaAsm",
        "ModelDsl.Compiled.InferParts", "ModelDsl.Compiled.InferStages",
        "ModelDsl.Ilgpu.Compiled.DeviceStep", "ModelDsl.Ilgpu.Compiled.ForCudaAttribute", "ModelDsl.Ilgpu.Compiled.IKernelViews", "ModelDsl.Ilgpu.Compiled.IlgpuProgram", "ModelDsl.Ilgpu.Compiled.KernelArguments", "ModelDsl.Ilgpu.Compiled.KernelMath",
        "ModelDsl.Ilgpu.Compiled.Quad", "ModelDsl.Ilgpu.Compiled.TensorCores", "ModelDsl.Ilgpu.Compiled.Threads", .. PlanMembers.Types]);

    private readonly CompiledModel model;
    private readonly string programName;
    private readonly CodeWriter writer = new();
    private readonly KernelWriter kernelWriter;
    private readonly SharedKernels kernels;
    private ILookup<string, bool?>? launchedFor;

    private IlgpuProgramWriter(CompiledModel model, bool isChecked)
    {
        this.model = model;
        programName = model.Names.Program(IlgpuTarget.Instance);
        kernelWriter = new KernelWriter(programName, KernelDepth, isChecked);
        kernels = new SharedKernels(kernelWriter.Methods, [.. Aliases.Names, programName, "ArrayView", .. PlanMembers.Names]);
    }

    /// <summary>Writes the program.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training plan of each loss, for these devices.</param>
    /// <param name="infer">The inference plan, for these devices.</param>
    /// <param name="isChecked">Whether the project checks arithmetic for overflow by default.</param>
    /// <param name="cancellation">Checked before each kernel.</param>
    public static string Write(
        CompiledModel model, IReadOnlyList<GraphPlan> training, GraphPlan infer, bool isChecked = false, CancellationToken cancellation = default)
    {
        var program = new IlgpuProgramWriter(model, isChecked);
        for (var loss = 0; loss < training.Count; loss++) program.kernels.Add(training[loss], model.StepName("", loss), cancellation);
        program.kernels.Add(infer, "Infer", cancellation);
        cancellation.ThrowIfCancellationRequested();
        program.WriteFile(training, infer);
        return Aliases.WithoutUnused(program.writer.ToString());
    }

    private void WriteFile(IReadOnlyList<GraphPlan> training, GraphPlan infer)
    {
        foreach (var line in SourceHeader.Lines) writer.Line(line);
        using (writer.Block($"namespace {model.Names.Namespace}"))
        {
            foreach (var space in Usings) writer.Line($"using global::{space};");
            Aliases.Write(writer);
            writer.Line();
            writer.Summary([$"{model.Names.Model} as kernels that ILGPU compiles for the device: CUDA, OpenCL, or its CPU accelerator for debugging."]);
            using (writer.Block($"internal sealed class {programName} : IlgpuProgram"))
            {
                foreach (var kernel in kernels.All) writer.Line($"private global::System.Action<{LaunchTypes(kernel.Kernel)}>? {Runner(kernel.Kernel)};");
                PlanMembers.Write(writer, model, training, infer);
                new StepMethods(model, writer, "in DeviceStep step", "in step", "private", WriteCalls).Write(training, infer);
                foreach (var kernel in kernels.All) kernel.Write(writer, Devices([.. training, infer], kernel.Kernel));
            }

            foreach (var kernel in kernels.All) kernelWriter.WriteViews(writer, kernel.Kernel.Main);
        }
    }

    /// <summary>The attribute of a kernel that is launched on some devices only; null for others.</summary>
    private string? Devices(IReadOnlyList<GraphPlan> plans, Kernel kernel)
    {
        launchedFor ??= plans.SelectMany(plan => plan.Parts).SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).ToLookup(launch => kernels[launch.Kernel].Name, launch => launch.When.JoinsKernels);
        var isForCuda = launchedFor[kernel.Name].Distinct().ToArray();
        return isForCuda.Length == 1 && isForCuda[0] is { } only ? $"@ForCuda({(only ? "true" : "false")})" : null;
    }

    private void WriteCalls(GraphPlan plan, Func<int, bool> runs)
    {
        var parts = plan.Parts.Where(part => runs(part.Part)).ToArray();
        var launches = parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).ToArray();
        if (launches.Length == 0) return;
        writer.Line("var n = step.N;");
        foreach (var storage in launches.SelectMany(launch => launch.Buffers).Distinct().OrderBy(storage => storage.Space).ThenBy(storage => storage.Offset))
        {
            writer.Line($"var {storage.Name} = {Place(storage)};");
        }

        foreach (var part in parts)
        {
            var condition = PlanParts.Condition(plan.Fused.Graph, part.Part);
            writer.Line();
            if (condition is null)
            {
                WriteLaunches(part);
                continue;
            }

            using (writer.Block($"if ({condition})")) WriteLaunches(part);
        }
    }

    private static string Place(Storage storage) => storage.Space switch
    {
        Space.Column => $"step.{(storage.Type == ElementType.Int ? "Ints" : "Floats")}({storage.Offset})",
        Space.Parameters => $"step.Parameter({storage.Offset}, {storage.Length})",
        Space.Gradients => $"step.Gradient({storage.Offset}, {storage.Length})",
        Space.Fixed => $"step.Fixed({storage.Offset}, {storage.Length})",
        _ => $"step.Batched({storage.Offset}, {storage.Length})",
    };

    /// <summary>Writes the launches. They run in order in the stream of the device, without barriers.</summary>
    private void WriteLaunches(PlanPart part)
    {
        Launch[] launches = [.. part.Phases.SelectMany(phase => phase.Launches)];
        for (int first = 0, end; first < launches.Length; first = end)
        {
            var when = launches[first].When;
            end = first + 1;
            while (end < launches.Length && launches[end].When == when) end++;
            var conditions = Conditions(when).ToArray();
            if (conditions.Length == 0)
            {
                WriteLaunches(launches, first, end);
                continue;
            }

            using (writer.Block($"if ({string.Join(" && ", conditions)})")) WriteLaunches(launches, first, end);
        }
    }

    private void WriteLaunches(Launch[] launches, int first, int end)
    {
        for (var number = first; number < end; number++) WriteLaunch(launches[number]);
    }

    private static IEnumerable<string> Conditions(LaunchCase when)
    {
        if (when.JoinsKernels is { } joins) yield return (joins ? "" : "!") + "step.JoinsKernels";
        if (when.TensorCores is { } has) yield return (has ? "" : "!") + "step.HasTensorCores";
        if (when.From > 1) yield return $"{KernelBuilder.BatchSize.Name} >= {when.From}";
        if (when.Below is { } below) yield return $"{KernelBuilder.BatchSize.Name} < {below}";
    }

    private void WriteLaunch(Launch launch)
    {
        var kernel = kernels[launch.Kernel];
        var grid = (ThreadGroups)launch.Kernel.Partition;
        var runner = Runner(kernel);
        var direct = PackedViews.Direct(kernel.Main);
        var buffers = launch.Buffers.Select(storage => storage.Name).ToArray();
        var packed = kernel.Main.Buffers.Zip(buffers, (parameter, buffer) => $"{PackedViews.Field(parameter)} = {buffer}").Skip(direct).ToArray();
        IEnumerable<string> arguments =
        [
            $"new KernelConfig({SymbolNames.OfStep(grid.Groups)}, {grid.Threads})",
            .. buffers.Take(direct),
            .. packed.Length == 0 ? Array.Empty<string>() : [$"new {PackedViews.StructOf(programName, kernel.Main)} {{ {string.Join(", ", packed)} }}"],
            KernelBuilder.BatchSize.Name,
            .. launch.Streams.Select(stream => Literals.Int(stream)),
            .. kernel.Main.IsRandom ? ["step.Seed", "step.Number"] : Array.Empty<string>(),
        ];
        writer.Line($"{runner} ??= step.Kernels.Load<{string.Join(", ", kernelWriter.ParameterTypes(kernel.Main))}>({kernel.Name});");
        writer.Line($"{runner}({string.Join(", ", arguments)});");
    }

    private string LaunchTypes(Kernel kernel) => string.Join(", ", kernelWriter.ParameterTypes(kernel.Main).Prepend("KernelConfig"));

    private static string Runner(Kernel kernel) => "run" + kernel.Name;
}
