using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Verification;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Forward;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Scans;

/// <summary>Loops over time as kernels.</summary>
public class LoopKernelTests
{
    public static TheoryData<string> Models => new("Plain", "LongMemory", "Projected", "Padded", "InALoop", "Looking");

    [Theory]
    [MemberData(nameof(Models))]
    public void A_loop_has_the_bits_of_its_steps_written_out(string name)
    {
        var model = ModelCompiler.Plan(Read.Spec(RecurrentModels.Sources, name));
        var sample = Sample.Random(model.Lowered, n: 3, seed: 1);
        var reference = new Reference(model.Lowered, sample, LoopInterpreter.Seed, LoopInterpreter.Number);
        var unrolled = Run(model, ModelCompiler.Schedule(CpuTarget.Avx512, model.TrainingGraphs[0].Unrolled.Fuse(CpuTarget.Avx512.Limits), model.Parameters), CpuTarget.Avx512, sample, isCut: false);
        reference.AssertTrains(unrolled, name + ", unrolled");
        foreach (var target in CpuTarget.All)
        {
            var plan = ModelCompiler.Schedule(target, model.Train.Fused, model.Parameters);
            foreach (var isCut in new[] { true, false }) unrolled.AssertSameBits(Run(model, plan, target, sample, isCut), $"{name}, {target.Bits} bits, {(isCut ? "in tasks" : "in one task")}");
            var infer = ModelCompiler.Schedule(target, model.Infer.Fused, model.Parameters);
            reference.AssertInfers(Run(model, infer, target, sample, isCut: true), $"{name}, {target.Bits} bits, inference");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_loop_is_one_kernel_without_mistakes(string name)
    {
        var model = ModelCompiler.Plan(Read.Spec(RecurrentModels.Sources, name));
        foreach (var target in CpuTarget.All)
        {
            var plan = ModelCompiler.Schedule(target, model.Train.Fused, model.Parameters);
            var launches = plan.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).ToArray();
            var loops = model.Train.Fused.Graph.Nodes.Count(node => node is ScanNode);
            Assert.True(loops >= 2);
            Assert.Equal(loops, launches.Count(launch => launch.Kernel.Main.Body.Any(statement => statement is Loop { Variable.Name: "t" })));
            Assert.All(launches, launch => Assert.Empty(KernelVerifier.Mistakes(launch)));
        }
    }

    [Fact]
    public void Generated_loops_compute_what_their_graphs_say()
    {
        using var library = ModelLibrary.Of(RecurrentModels.Sources);
        MethodSizes.Check(library.Image);
        Failures.Collect(library.Names, name =>
        {
            foreach (var n in TestScale.IsFast ? new[] { 3 } : [1, 3, 17]) ModelCheck.Run(library[name], n);
        });
    }

    [StandardFact]
    public void Generated_recurrent_layers_compute_what_their_graphs_say()
    {
        using var library = ModelLibrary.Of(DeclaredModels.Groups["recurrent"]);
        Failures.Collect(library.Names, name => ModelCheck.Run(library[name], n: 3));
    }

    private static Outcome Run(CompiledModel model, GraphPlan plan, CpuTarget target, Sample sample, bool isCut) =>
        PlanRun.Of(model, plan, sample, memory => new LoopInterpreter(plan, memory, target.Bits, sample.N, isCut));
}
