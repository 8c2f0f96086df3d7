using ModelDsl.Generator.Emit.Cpu;
using ModelDsl.Generator.Emit.Ilgpu;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Incrementality;

/// <summary>Whoever types does not wait for what has become old: every pass that takes long stops within.</summary>
public class CancellationTests
{
    private static readonly CancellationToken Edited = new(canceled: true);

    private static readonly ModelSpec Spec = new SpecBuilder().Input(4).Dense(8).Layer("Relu").Layer("MeanSquaredError").Build();

    public static TheoryData<string, Action> Passes
    {
        get
        {
            var model = ModelCompiler.Plan(Spec);
            var fused = model.Train.Fused;
            return new()
            {
                { "compile", () => ModelCompiler.Compile(Spec, null, Edited) },
                { "check", () => ModelCompiler.Check(Spec, Edited) },
                { "lower", () => Lowering.Lower(Spec, Edited) },
                { "simplify before gradients", () => Simplifier.BeforeGradients(model.Lowered.Train!, Edited) },
                { "simplify after gradients", () => Simplifier.AfterGradients(model.Lowered.Train!, Edited) },
                { "schedule for CPUs", () => ModelCompiler.Schedule(CpuTarget.Avx2, fused, model.Parameters, Edited) },
                { "schedule for GPUs", () => ModelCompiler.ScheduleForGpu(fused, model.Parameters, false, Edited) },
                { "write for CPUs", () => CpuProgramWriter.Write(model, [new WidthPlans(CpuTarget.Avx512, model.Training, model.Infer)], Targets.Default, Edited) },
                { "write for GPUs", () => WriteForGpu(model) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Passes))]
    public void A_pass_stops_when_the_model_has_been_edited(string pass, Action run)
    {
        Assert.NotEmpty(pass);
        Assert.Throws<OperationCanceledException>(run);
    }

    [Fact]
    public void A_Forward_that_runs_long_stops_within()
    {
        var compilation = Harness.TestCompilation.Create(
            "[Model, Input(4), MeanSquaredError] partial class Net { static Tensor Forward(Tensor x) { int i = 0; while (i < 100000) i++; return x.Dense(3); } }");
        var spec = ModelParser.ReadModel(compilation.GetTypeByMetadataName("Net")!, compilation, CancellationToken.None);
        Assert.Throws<OperationCanceledException>(() => Lowering.Lower(spec, Edited));
    }

    private static void WriteForGpu(CompiledModel model)
    {
        var train = ModelCompiler.ScheduleForGpu(model.Train.Fused, model.Parameters, false);
        var infer = ModelCompiler.ScheduleForGpu(model.Infer.Fused, model.Parameters, false);
        IlgpuProgramWriter.Write(model, [train], infer, cancellation: Edited);
    }
}
