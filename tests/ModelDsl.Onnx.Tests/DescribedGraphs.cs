using System.Reflection;
using ModelDsl.Compiled;
using ModelDsl.Generator.Emit;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Onnx.Tests;

/// <summary>The descriptions of the graphs of models, as the compiler writes them, in one compilation: without kernels, so that many models fit into it.</summary>
/// <param name="models">The models.</param>
/// <param name="withTraining">Whether the graphs of their training steps are among them.</param>
internal sealed class DescribedGraphs(IEnumerable<CorpusModel> models, bool withTraining = true)
{
    private readonly Assembly assembly = TestCompilation.Load(TestCompilation.Create(
        TestCompilation.WithoutWarnings, [.. models.Select(model => GraphWriter.Write(new ProgramNames(model.Spec.Type), withTraining ? model.Lowered : model.Lowered with { Losses = [] }, []))]));

    /// <summary>Runs the file of a model in ONNX Runtime.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sample">Its parameters and columns.</param>
    /// <param name="options">What the file contains.</param>
    public Outcome Run(CorpusModel model, Sample sample, OnnxExportOptions options)
    {
        var names = new ProgramNames(model.Spec.Type);
        var create = assembly.GetType($"{names.Namespace}.{names.Class(GraphWriter.Suffix)}", throwOnError: true)!.GetMethod(options.Graph == OnnxExportGraph.Prediction ? "Create" : "CreateTraining0")!;
        var description = (GraphDescription)create.Invoke(null, null)!;
        using var session = new OnnxSession(ExportedModel.Bytes(OnnxModelWriter.Write(model.Key, description, new SampleValues(sample), options)));
        var columns = model.Lowered.Inputs.Concat(model.Lowered.Targets).ToDictionary(column => column.Node.Name, column => sample.Columns[column.Node.Column]);
        if (options.NamedOutputs) Assert.Equal(description.Outputs.Where(output => output.Kind != GraphOutputKind.OutputActivation).Select(output => output.Name), session.Outputs.Keys);
        var outcome = new Outcome();
        foreach (var (name, values) in session.Run(columns))
            outcome.Values.Add(name.EndsWith(OnnxModelWriter.StateSuffix, StringComparison.Ordinal) ? name[..^OnnxModelWriter.StateSuffix.Length] : name, values);
        return outcome;
    }

    private sealed class SampleValues(Sample sample) : IModelValues
    {
        public float[] Tensor(string name) => sample.Parameters[name];

        public float[] Constant(int number) => throw new InvalidOperationException("The constants are in the graph.");
    }
}
