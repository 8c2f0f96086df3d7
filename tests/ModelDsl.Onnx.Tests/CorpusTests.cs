using System.Reflection;
using ModelDsl.Compiled;
using ModelDsl.Generator.Emit;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Onnx.Tests;

/// <summary>
/// Declared and random models: ONNX Runtime computes what the interpreter of their graphs computes in double precision. Only the descriptions of the graphs are compiled, without kernels, so
/// that many models fit into a compilation.
/// </summary>
public sealed class CorpusTests
{
    private static readonly int[] Opsets = [17, 21, 23];

    public static TheoryData<int> Shares => ModelCorpus.ShareIndices;

    [Theory]
    [MemberData(nameof(Shares))]
    public void Models_compute_what_their_graphs_say(int share)
    {
        // Without those that draw random numbers in predictions, which are an error.
        CorpusModel[] models = [.. ModelCorpus.Share(share).Where(model => model.Lowered.Infer is { } graph && !Reachable(graph).OfType<RandomNode>().Any())];
        var assembly = Compile(models);
        ModelCorpus.Check(models, model => Check(model, assembly));
    }

    private static void Check(CorpusModel model, Assembly assembly)
    {
        var names = new ProgramNames(model.Spec.Type);
        var create = assembly.GetType($"{names.Namespace}.{names.Class(GraphWriter.Suffix)}", throwOnError: true)!.GetMethod("Create")!;
        var description = (GraphDescription)create.Invoke(null, null)!;
        var seed = model.Seed;
        var sample = Sample.Random(model.Lowered, 1 + (4 * (seed % 2)), seed);
        var reference = new Reference(model.Lowered, sample);
        var options = new OnnxExportOptions { Opset = Opsets[Math.Abs(seed) % Opsets.Length], DynamicBatch = seed % 3 > 0, BatchSize = sample.N, ApplyLink = false, NamedOutputs = true };
        using var session = new OnnxSession(ExportedModel.Bytes(OnnxModelWriter.Write(model.Key, description, new SampleValues(sample), options)));
        var columns = model.Lowered.Inputs.ToDictionary(column => column.Node.Name, column => sample.Columns[column.Node.Column]);
        var outcome = new Outcome();
        foreach (var (name, values) in session.Run(columns))
            outcome.Values.Add(name, values);
        reference.AssertOutputs(outcome, $"{model.Key} with opset {options.Opset}");
    }

    private static Assembly Compile(CorpusModel[] models) => TestCompilation.Load(TestCompilation.Create(
        TestCompilation.WithoutWarnings, [.. models.Select(model => GraphWriter.Write(new ProgramNames(model.Spec.Type), model.Lowered, []))]));

    private static IReadOnlyList<Node> Reachable(ModelGraph graph) =>
        ModelGraph.Sort(graph.Roots.Where(root => root.Kind is RootKind.Output or RootKind.OutputActivation or RootKind.Named).Select(root => root.Value));

    private sealed class SampleValues(Sample sample) : IModelValues
    {
        public float[] Tensor(string name) => sample.Parameters[name];

        public float[] Constant(int number) => throw new InvalidOperationException("The constants are in the graph.");
    }
}
