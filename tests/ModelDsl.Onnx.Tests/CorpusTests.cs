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
}
