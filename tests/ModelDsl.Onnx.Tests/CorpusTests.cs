using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Onnx.Tests;

/// <summary>Declared and random models: ONNX Runtime computes what the interpreter of their graphs computes in double precision.</summary>
public sealed class CorpusTests
{
    private static readonly int[] Opsets = [17, 21, 23];

    public static TheoryData<int> Shares => ModelCorpus.ShareIndices;

    [Theory]
    [MemberData(nameof(Shares))]
    public void Models_compute_what_their_graphs_say(int share)
    {
        CorpusModel[] models = [.. ModelCorpus.Share(share)];
        var graphs = new DescribedGraphs(models);
        ModelCorpus.Check(models, model =>
        {
            var seed = model.Seed;
            var sample = Sample.Random(model.Lowered, 1 + (4 * (seed % 2)), seed);
            var reference = new Reference(model.Lowered, sample);
            foreach (var opset in TestScale.IsLong ? Opsets : [Opsets[seed % Opsets.Length]])
            {
                var options = new OnnxExportOptions { Opset = opset, DynamicBatch = seed % 4 > 0, BatchSize = seed % 4 > 0 ? 1 : sample.N, ApplyOutputActivation = false, NamedOutputs = true };
                reference.AssertOutputs(graphs.Run(model, sample, options), $"{model.Key} with opset {opset}");
            }
        });
    }

    /// <summary>Random numbers are others in ONNX Runtime, so models that draw some only have to run.</summary>
    [Theory]
    [MemberData(nameof(Shares))]
    public void Training_steps_compute_what_their_graphs_say(int share)
    {
        CorpusModel[] models = [.. ModelCorpus.Share(share).Where(model => model.Lowered.Losses.Count > 0)];
        var graphs = new DescribedGraphs(models);
        ModelCorpus.Check(models, model =>
        {
            var seed = model.Seed;
            var sample = Sample.Random(model.Lowered, 2 + (3 * (seed % 2)), seed);
            var isRandom = IsRandom(model.Lowered.Losses[0].Graph);

            // ONNX Runtime does not have the operators for random numbers of later opsets, except for dropout.
            var options = new OnnxExportOptions { Opset = isRandom ? 21 : Opsets[seed % Opsets.Length], Graph = OnnxExportGraph.TrainingWithLoss };
            var outcome = graphs.Run(model, sample, options);
            Assert.NotEmpty(outcome.Values["loss"]);
            if (!isRandom)
                new Reference(model.Lowered, sample).AssertForward(outcome, $"{model.Key} with opset {options.Opset}");
        });
    }

    private static bool IsRandom(ModelGraph graph) => graph.Nodes.Any(node => node is RandomNode || (node is ScanNode scan && IsRandom(scan.Body.Graph)));
}
