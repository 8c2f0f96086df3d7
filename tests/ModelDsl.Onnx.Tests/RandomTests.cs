using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Onnx.Tests;

/// <summary>Random models beside those of the corpus, many in a compilation: ONNX Runtime computes what the interpreter of their graphs computes in double precision.</summary>
public sealed class RandomTests
{
    private const int ModelsOfShare = 250;

    private static readonly int Count = TestScale.Of("random models as ONNX files", 50, standard: 1000);

    private static readonly int[] Opsets = [17, 18, 19, 20, 21, 22, 23];

    public static TheoryData<int> Shares => [.. Enumerable.Range(0, (Count + ModelsOfShare - 1) / ModelsOfShare)];

    [Theory]
    [MemberData(nameof(Shares))]
    public void Models_compute_what_their_graphs_say(int share)
    {
        var models = ModelCorpus.Others(share * ModelsOfShare, Math.Min(ModelsOfShare, Count - (share * ModelsOfShare)));
        var graphs = new DescribedGraphs(models, withTraining: false);
        ModelCorpus.Check(models, model =>
        {
            var sample = Sample.Random(model.Lowered, 1 + (model.Seed % 4), model.Seed);
            var options = new OnnxExportOptions { Opset = Opsets[model.Seed % Opsets.Length], ApplyOutputActivation = false, NamedOutputs = true };
            new Reference(model.Lowered, sample).AssertOutputs(graphs.Run(model, sample, options), $"{model.Key} with opset {options.Opset}");
        });
    }
}
