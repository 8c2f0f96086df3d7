using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Compiled;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Fusion;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Loops.Gpu;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Targets;

/// <summary>A target that the compiler does not know computes what the compiler's own do: the seam between targets and the rest holds.</summary>
public class ScalarTargetTests
{
    private static readonly Stages Stages = Stages.Own with
    {
        Compiling = (spec, targets, cancellation) => ModelCompiler.Compile(spec, targets with { Chosen = EquatableArray.Of<Target>(new ScalarTarget()) }, cancellation),
    };

    public static TheoryData<int> Shares => ModelCorpus.FewShareIndices;

    [Theory]
    [MemberData(nameof(Shares))]
    public void A_target_that_the_compiler_does_not_know_computes_the_models_of_the_corpus(int share)
    {
        var models = ModelCorpus.Share(share);
        var assembly = Compile([.. models.Select(model => model.Source)]);
        ModelCorpus.Check(models, model => Check(assembly, model.Plan));
    }

    [Fact]
    public void A_schedule_that_exceeds_its_target_is_a_mistake_of_the_target()
    {
        var model = ModelCompiler.Plan(new SpecBuilder().Input(300).Layer("Softmax").Layer("MeanSquaredError").Build());
        var plan = model.PlansFor(IlgpuTarget.Instance).Infer;
        Assert.Same(plan, Legality.Checked(plan, IlgpuTarget.Instance));
        foreach (var (small, what) in new[] { (new Narrow(32, 48 * 1024), "32 are allowed"), (new Narrow(256, 16), "16 are allowed") })
        {
            Assert.Contains(what, Assert.Throws<InvalidGraphException>(() => Legality.Checked(plan, small)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_tallest_tile_of_each_width_fits_the_registers()
    {
        foreach (var target in CpuTarget.All)
        {
            // A logical vector takes several registers. In addition to the sums there are a vector of each column and one broadcast value.
            var vectors = target.TileVectors * (512 / target.Bits);
            Assert.InRange((Math.Max(target.TileRows, target.MostRows) * vectors) + vectors + 1, 1, target.Limits.Registers);
        }
    }

    private static Assembly Compile(string[] sources)
    {
        var compilation = TestCompilation.Create(TestCompilation.WithoutWarnings, sources).AddReferences(MetadataReference.CreateFromFile(typeof(ScalarProgram).Assembly.Location));
        CSharpGeneratorDriver.Create([new ModelGenerator(Stages).AsSourceGenerator()], parseOptions: TestCompilation.WithoutWarnings)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var crashes);
        Assert.Empty(crashes);
        using var image = new MemoryStream();
        var emitted = generated.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
        return Assembly.Load(image.ToArray());
    }

    private static void Check(Assembly assembly, CompiledModel model)
    {
        var sample = Sample.Random(model.Lowered, n: 3);
        var description = (ModelDescription)assembly.GetType(model.Spec.Type.Key, throwOnError: true)!
            .GetField(GeneratedMembers.Description, BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        var program = (ScalarProgram)Assert.Single(description.Programs).Create();
        for (var loss = 0; loss < model.Lowered.Losses.Count; loss++)
        {
            var plan = program.Losses.Length == 0 ? program.Train : program.Losses[loss];
            var step = Step(model, sample, plan, loss);
            program.Forward(step);
            if (plan.LossOffset >= 0) program.Backward(step);
            var outcome = new Outcome();
            for (var i = 0; i < description.Outputs.Length; i++)
            {
                if (program.Outputs[i].Train >= 0) outcome.Values.Add(description.Outputs[i].Name, Batched(step, program.Outputs[i].Train, description.Outputs[i]));
            }

            if (plan.LossOffset >= 0) outcome.Values.Add("loss", [step.Fixed[plan.LossOffset]]);
            var trained = model.TrainingGraphs[loss].Graph.Roots.Where(root => root.Kind == RootKind.Gradient).Select(root => root.Name).ToHashSet();
            foreach (var slot in model.Parameters.Slots.Where(slot => slot.Parameter is not ConstantNode))
            {
                var name = slot.Parameter.Name;
                if (slot.Parameter is StateNode) outcome.Values.Add(name, Elements(slot, step.Parameters));
                else if (trained.Contains(name)) outcome.Values.Add(name, Elements(slot, step.Gradients));
            }

            new Reference(model.Lowered, sample, loss: loss).AssertTrains(outcome, model.Spec.Type.Name);
        }

        var inference = Step(model, sample, program.Inference, 0);
        program.Infer(inference, InferParts.OutputActivation | InferParts.Loss);
        var inferred = new Outcome();
        for (var i = 0; i < description.Outputs.Length; i++)
        {
            inferred.Values.Add(description.Outputs[i].Name, Batched(inference, program.Outputs[i].Inference, description.Outputs[i]));
            Assert.Equal(description.Outputs[i].HasOutputActivation, program.Outputs[i].OutputActivation != program.Outputs[i].Inference);
            inferred.Values.Add(description.Outputs[i].Name + " activated", Batched(inference, program.Outputs[i].OutputActivation, description.Outputs[i]));
        }

        if (description.Losses.Length == 0 && program.Inference.LossOffset >= 0) inferred.Values.Add("loss", [inference.Fixed[program.Inference.LossOffset]]);
        for (var loss = 0; loss < description.Losses.Length; loss++) inferred.Values.Add(description.Losses[loss].Name, [inference.Fixed[program.Inference.OffsetOf(loss)]]);
        new Reference(model.Lowered, sample).AssertInfers(inferred, model.Spec.Type.Name + ", inference");
    }

    private static ScalarStep Step(CompiledModel model, Sample sample, PlanDescription plan, int loss)
    {
        var parameters = new float[model.Parameters.Floats];
        foreach (var slot in model.Parameters.Slots)
        {
            var values = slot.Parameter is ConstantNode constant ? [.. constant.Values.Select(value => (float)value)] : sample.Parameters[slot.Parameter.Name];
            for (var i = 0; i < values.Length; i++) parameters[slot.Offset + LayoutOracle.Position(slot.Layout, slot.Parameter.Shape, i)] = values[i];
        }

        return new ScalarStep
        {
            N = sample.N,
            Parameters = parameters,
            Gradients = new float[model.Parameters.TrainableFloats],
            Batched = new float[plan.BatchedFloats * sample.N],
            Fixed = new float[plan.FixedFloats],
            Columns = sample.Columns,
            Seed = Sample.Seed,
            Number = Sample.Step,
            Loss = loss,
        };
    }

    private static float[] Batched(ScalarStep step, int offset, OutputDescription output) => step.Batched.AsSpan(offset * step.N, step.N * output.Length).ToArray();

    private static float[] Elements(ParameterSlot slot, float[] flat) =>
        [.. Enumerable.Range(0, slot.Parameter.Shape.Length).Select(i => flat[slot.Offset + LayoutOracle.Position(slot.Layout, slot.Parameter.Shape, i)])];

    /// <summary>A target with smaller limits.</summary>
    private sealed record Narrow(int Threads, int SharedBytes) : Target
    {
        public override string Name => "Narrow";

        public override TargetLimits Limits => IlgpuTarget.Instance.Limits with { Threads = Threads, SharedBytes = SharedBytes };

        public override IReadOnlyCollection<ElementType> StorageTypes => IlgpuTarget.Instance.StorageTypes;

        public override string ProgramType => "";

        public override IReadOnlyList<GeneratedFile> Write(CompiledModel model, IReadOnlyList<TargetPlans> plans, CodeOptions options, CancellationToken cancellation) =>
            throw new NotSupportedException();

        protected override IReadOnlyList<(int Part, Launch Launch)> Build(
            FusedGraph fused, StorageMap storages, ScheduleOptions options, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
