using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;

namespace ModelDsl.Generator.Emit.Cpu;

/// <summary>
/// Writes the programs of a model for CPUs: a class with the steps as lists of calls and all kernels that are the same for every register width, and for each width a derived
/// class with the kernels that consist of register tiles.
/// </summary>
internal sealed class CpuProgramWriter
{
    /// <summary>The indentation level of kernels, which are in a class in the file-scoped namespace.</summary>
    private const int KernelDepth = 1;

    private const string Compiled = "ModelDsl.Compiled.";

    private static readonly string[] StepTypes = [
        "System.Math", "System.MathF", "System.Runtime.CompilerServices.MethodImplAttribute", "System.Runtime.CompilerServices.MethodImplOptions",
        Compiled + "Blocks", Compiled + "CpuProgram", Compiled + "DropoutRandom", Compiled + "InferParts", Compiled + "InferStages", Compiled + "Step",
        Compiled + "TaskShare", Compiled + VectorNotation.Functions, Compiled + "Worker", .. PlanMembers.Types];

    /// <summary>The suffix of the file and of the class that the programs of all widths share.</summary>
    public const string StepsSuffix = "Steps";

    private readonly CompiledModel model;
    private readonly IReadOnlyList<WidthPlans> widths;
    private readonly CpuKernels kernels;
    private readonly TypeAliases stepAliases;
    private readonly NumberChecks? checks;

    private CpuProgramWriter(CompiledModel model, IReadOnlyList<WidthPlans> widths, CodeOptions options)
    {
        (this.model, this.widths) = (model, widths);
        stepAliases = new([.. StepTypes, .. options.ChecksNumbers ? [NumberChecks.Type] : Array.Empty<string>()]);
        KernelWriter Writer(VectorNotation notation) => new(notation, KernelDepth, options.IsChecked, sharesTiles: options.IsOptimized);
        kernels = new CpuKernels(
            widths,
            [.. widths.Select(width => Writer(VectorNotation.Registers(width.Target.Bits)))],
            [.. widths.Select(width => Writer(VectorNotation.Register(width.Target.Bits)))],
            options.IsOptimized ? Writer(VectorNotation.Generic) : null,
            [
                .. stepAliases.Names, .. options.ChecksNumbers ? [NumberChecks.Table] : Array.Empty<string>(), .. PlanMembers.Names, GradientMarks.Method, VectorNotation.TypeParameter, TileSizesText.Interface, TileSizesText.TypeParameter, Epilogues.TypeParameter, Epilogues.FinishParameter, StepsClass,
                .. widths.SelectMany(width => Aliases(width.Target).Names.Append(VectorNotation.Registers(width.Target.Bits).Vector).Append(model.Names.Program(width.Target))),
            ]);
        checks = options.ChecksNumbers ? new(model, kernels, [.. widths[0].Training, .. widths[0].Buckets.SelectMany(bucket => bucket.Training)]) : null;
    }

    /// <summary>Writes the programs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="widths">Its plans for each register width.</param>
    /// <param name="options">The options from the project's settings.</param>
    /// <param name="cancellation">Checked before each kernel.</param>
    /// <exception cref="InvalidOperationException">The steps differ between widths.</exception>
    public static IReadOnlyList<GeneratedFile> Write(CompiledModel model, IReadOnlyList<WidthPlans> widths, CodeOptions options, CancellationToken cancellation = default)
    {
        widths[0].RequireSameSteps(widths.Skip(1));
        var program = new CpuProgramWriter(model, widths, options);
        for (var loss = 0; loss < widths[0].Training.Count; loss++)
        {
            var number = loss;
            program.kernels.Add(width => width.Training[number], model.StepName("", loss), cancellation);
        }

        program.kernels.Add(width => width.Infer, "Infer", cancellation);
        for (var plan = 0; plan < widths[0].Decoding.Count; plan++)
        {
            var number = plan;
            program.kernels.Add(
                width => width.Decoding[number], widths[0].Decoding[plan].Computes(RootKind.Output) ? "Decode" : "Encode", cancellation);
        }

        for (var bucket = 0; bucket < widths[0].Buckets.Count; bucket++)
        {
            var (number, name) = (bucket, StepMethods.NameOf(widths[0].Buckets[bucket]));
            for (var loss = 0; loss < widths[0].Training.Count; loss++)
            {
                var trained = loss;
                program.kernels.Add(width => width.Buckets[number].Training[trained], model.StepName("", loss) + name, cancellation);
            }

            program.kernels.Add(width => width.Buckets[number].Infer, "Infer" + name, cancellation);
        }

        program.kernels.Add(width => width.Copies.Launches, "Copy", cancellation);
        cancellation.ThrowIfCancellationRequested();
        return
        [
            new(StepsSuffix, program.Steps()),
            .. widths.Select((width, number) => new GeneratedFile(width.Target.Name, program.Width(width.Target, number))),
        ];
    }

    private static TypeAliases Aliases(CpuTarget target) => new([
        "System.Math", "System.MathF", "System.Runtime.CompilerServices.MethodImplAttribute", "System.Runtime.CompilerServices.MethodImplOptions",
        Compiled + "Blocks", Compiled + "DropoutRandom", Compiled + "Worker", Compiled + VectorNotation.Functions,
        Compiled + VectorNotation.Registers(target.Bits).Lanes, Compiled + VectorNotation.Sixteen(target.Bits)]);

    /// <summary>The generic class that the programs derive from.</summary>
    private string StepsClass => model.Names.Class(StepsSuffix);

    private string Steps()
    {
        var writer = Begin();
        stepAliases.Write(writer);
        writer.Line();
        writer.Summary([$"The steps of {model.Names.Model}, and the kernels that are the same for every register width. Every worker runs the same calls, each on its share."]);
        const string Parameter = VectorNotation.TypeParameter;
        writer.Line($"/// <typeparam name=\"{Parameter}\">Sixteen floats in the registers of a width.</typeparam>");
        writer.Line($"internal abstract unsafe class {StepsClass}<{Parameter}> : CpuProgram");
        using (writer.Block($"    where {Parameter} : struct, global::{VectorNotation.Interface}<{Parameter}>"))
        {
            PlanMembers.Write(writer, model, widths[0].Training, widths[0].Infer, widths[0].Decoding, widths[0].Buckets);
            if (checks is not null)
            {
                writer.Line();
                writer.Line("/// <inheritdoc/>");
                writer.Line("public override bool ChecksNumbers => true;");
            }

            var calls = new CallWriter(writer, kernels, checks);
            new StepMethods(model, writer, "in Step step, Worker worker", "in step, worker", "private", calls.Write).Write(widths[0].Training, widths[0].Infer, widths[0].Decoding, widths[0].Buckets);
            WriteCopies(writer, calls);
            foreach (var kernel in kernels.All) kernel.WriteCommon(writer);
            kernels.Functions?.Write(writer);
            kernels.Finishes?.Write(writer);
            kernels.Sizes.Write(writer);
            checks?.WriteTable(writer);
        }

        return stepAliases.WithoutUnused(writer.ToString());
    }

    /// <summary>Writes the method that copies parameters before inference and sessions, and the size of the copies.</summary>
    private void WriteCopies(CodeWriter writer, CallWriter calls)
    {
        var copies = widths[0].Copies;
        if (copies.Launches.Count == 0) return;
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override int ParameterCopyFloats => {Literals.Int(copies.Floats)};");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        using (writer.Block("public override void CopyParameters(in Step step, Worker worker)")) calls.Write(copies.Launches);
    }

    private string Width(CpuTarget target, int number)
    {
        var writer = Begin();
        var aliases = Aliases(target);

        // The vector types are generic, and an alias has no type parameters. No other namespace is imported, so their names are not ambiguous.
        writer.Line("using global::System.Runtime.Intrinsics;");
        aliases.Write(writer);
        writer.Line();
        writer.Summary([$"{model.Names.Model} in {target.Bits}-bit registers: the kernels made of register tiles."]);
        using (writer.Block($"internal sealed unsafe class {model.Names.Program(target)} : {StepsClass}<{VectorNotation.Sixteen(target.Bits)}>"))
        {
            foreach (var kernel in kernels.All) kernel.WriteOwn(writer, number);
            if (kernels.Epilogues.Count > 0) kernels.Epilogues[number].Write(writer);
            kernels.Tiles[number].Write(writer);
        }

        return aliases.WithoutUnused(writer.ToString());
    }

    /// <summary>Begins a file of the programs' namespace. Directives after the declaration are inside the namespace.</summary>
    private CodeWriter Begin()
    {
        var writer = new CodeWriter();
        foreach (var line in SourceHeader.KernelLines) writer.Line(line);
        writer.Line($"namespace {model.Names.Namespace};");
        writer.Line();
        return writer;
    }
}
