using ModelDsl.Generator.Autodiff;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.RegionAnalysis;
using ModelDsl.Generator.Simplify;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;
using Xunit.Abstractions;

namespace ModelDsl.Generator.Tests.Incrementality;

/// <summary>An edit makes the results of the passes useless: each stops soon after it is cancelled, wherever it is.</summary>
/// <param name="output">Where the times are printed.</param>
[Collection(Alone)]
public class CancellationTests(ITestOutputHelper output)
{
    /// <summary>Times are measured: no other test runs at the same time.</summary>
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneCollection;

    private const string Alone = "Cancellation";

    /// <summary>What a developer does not notice. A pass that takes no longer needs no check.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private static readonly Lazy<CompiledModel> Model = new(() => ModelCompiler.Plan(Deep(60)));

    public static TheoryData<string, Action<CancellationToken>> Passes => new()
    {
        { "read a long Forward", Reading() },
        { "lower", cancellation => Lowering.Lower(Model.Value.Spec, cancellation) },
        { "lower a Forward that runs long", Lower("for (int i = 0; i < 3000; i++) x = x.Relu();") },
        { "check", cancellation => ModelCompiler.Check(Model.Value.Spec, cancellation) },
        { "find what is demanded", _ => RegionPass.Run(Model.Value.Lowered.Train!) },
        { "differentiate", _ => Differentiation.Differentiate(Model.Value.Lowered.Train!, Model.Value.Lowered.Parameters) },
        { "simplify before gradients", cancellation => Simplifier.BeforeGradients(Model.Value.Lowered.Train!, cancellation) },
        { "simplify after gradients", cancellation => Simplifier.AfterGradients(Model.Value.Lowered.Train!, cancellation) },
        { "differentiate and simplify", cancellation => ModelCompiler.Differentiate(Model.Value.Lowered, Model.Value.Lowered.Losses[0], cancellation) },
        { "fuse", _ => Fuser.Fuse(Model.Value.TrainingGraphs[0].Graph, PlanParts.OfTraining) },
        { "lay out parameters", _ => ParameterPlan.Create(Model.Value.Lowered.Parameters, [Model.Value.TrainingGraphs[0].Graph, Model.Value.InferGraph.Graph]) },
        { "schedule for CPUs", Scheduling(CpuTarget.Avx2) },
        { "schedule for GPUs", Scheduling(IlgpuTarget.Instance) },
        { "write members", _ => MembersWriter.Write(Model.Value, CancellationToken.None) },
        { "write for CPUs", Writing(CpuTarget.Avx512) },
        { "write for GPUs", Writing(IlgpuTarget.Instance) },
    };

    [Theory]
    [MemberData(nameof(Passes))]
    public void A_pass_that_is_cancelled_in_its_middle_stops_soon(string pass, Action<CancellationToken> run)
    {
        var cancelled = new CancelledRun(run);
        if (cancelled.Whole > Short) MustBeSoon(pass, cancelled, 0.5);
        else output.WriteLine($"{pass}: {cancelled.Whole.TotalMilliseconds:0} ms");
    }

    [Fact]
    public void Compiling_stops_soon_whenever_it_is_cancelled()
    {
        var spec = Deep(20);
        var cancelled = new CancelledRun(cancellation => ModelCompiler.Compile(spec, null, cancellation));
        foreach (var tenth in TestScale.Some("moments at which compiling is cancelled", Enumerable.Range(1, 9), 4)) MustBeSoon($"cancelled after {tenth} tenths", cancelled, tenth / 10.0);
    }

    private void MustBeSoon(string what, CancelledRun cancelled, double share)
    {
        var stopping = cancelled.TimeToStop(share);
        var whole = cancelled.Whole;
        output.WriteLine($"{what}: {whole.TotalMilliseconds:0} ms, stops after {stopping.TotalMilliseconds:0.0} ms");
        var allowed = whole / 8 > Short ? whole / 8 : Short;
        Assert.True(stopping <= allowed, $"{what}: it takes {whole.TotalMilliseconds:0} ms, and {stopping.TotalMilliseconds:0} ms to stop; {allowed.TotalMilliseconds:0} ms are allowed.");
    }

    /// <summary>Many methods: each is bound by the C# compiler at once.</summary>
    private static Action<CancellationToken> Reading()
    {
        const int Methods = 400;
        var methods = string.Concat(Enumerable.Range(0, Methods).Select(i => $"static Tensor P{i}(Tensor x) => P{i + 1}(x.Dense(8).LayerNorm().Relu()); "));
        var compilation = TestCompilation.Create(Source("P0(x)", "", $"{methods} static Tensor P{Methods}(Tensor x) => x; "));
        return cancellation => ModelParser.ReadModel(compilation.GetTypeByMetadataName("Net")!, compilation, cancellation);
    }

    private static Action<CancellationToken> Lower(string statements)
    {
        var compilation = TestCompilation.Create(Source("x.Dense(3)", statements));
        var spec = ModelParser.ReadModel(compilation.GetTypeByMetadataName("Net")!, compilation, default);
        return cancellation => Lowering.Lower(spec, cancellation);
    }

    private static Action<CancellationToken> Scheduling(Target target) =>
        cancellation => ModelCompiler.Schedule(target, Model.Value.TrainingGraphs[0].Fuse(target.Limits), Model.Value.Parameters, cancellation);

    private static Action<CancellationToken> Writing(Target target)
    {
        var plans = new Lazy<TargetPlans>(() => Model.Value.PlansFor(target));
        return cancellation => target.Write(Model.Value, [plans.Value], new CodeOptions(), cancellation);
    }

    private static string Source(string result, string statements, string members = "") =>
        $"[Model, Input(4), MeanSquaredError] partial class Net {{ static Tensor Forward(Tensor x) {{ {statements} return {result}; }} {members}}}";

    private static ModelSpec Deep(int layers)
    {
        var builder = new SpecBuilder().Input(8);

        // Widths that differ, so that no kernel is the same as another.
        for (var i = 0; i < layers; i++) builder.Dense(8 + i).Layer("LayerNorm").Layer("Relu");
        return builder.Layer("MeanSquaredError").Build();
    }
}
