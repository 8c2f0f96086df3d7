using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Gpu;
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
                { "schedule for GPUs", () => ModelCompiler.Schedule(IlgpuTarget.Instance, model.TrainingGraphs[0].Fuse(IlgpuTarget.Instance.Limits), model.Parameters, Edited) },
                { "write for CPUs", () => CpuTarget.Avx512.Write(model, [model.PlansFor(CpuTarget.Avx512)], new CodeOptions(), Edited) },
                { "write for GPUs", () => IlgpuTarget.Instance.Write(model, [model.PlansFor(IlgpuTarget.Instance)], new CodeOptions(), Edited) },
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
}
