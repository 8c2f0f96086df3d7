using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Results;

/// <summary>
/// Models of the corpus on the device, held to the interpreter of their graphs, in double precision, as the kernels of the CPU are: layers in connections
/// that nobody thought of, shared weights, several inputs, outputs and losses.
/// </summary>
[Collection(SharedDevice.Name)]
public sealed class CorpusModelTests(SharedDevice shared)
{
    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, CorpusKernels.Trained.Count)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Models_compute_what_their_graphs_say(int number) =>
        ModelCorpus.Check([CorpusKernels.Trained[number]], model => Check(CorpusKernels.OfTrained(number), model.Key, number));

    private void Check(GeneratedModels models, string name, int seed)
    {
        var lowered = Lowering.Lower(models.SpecOf(name));
        var n = Math.Max(1 + (seed % 2), lowered.NeedsTwoSamples is null ? 1 : 2);
        var sample = Sample.Random(lowered, n, seed);
        using var model = models.Create(name, seed, shared.Device);
        for (var loss = 0; loss < lowered.Losses.Count; loss++)
        {
            var what = $"{name}, batch of {n}, loss {loss}";
            new Reference(lowered, sample, (uint)seed, (uint)loss, loss).AssertTrains(DeviceRun.Train(model, sample, loss), what);
        }

        new Reference(lowered, sample).AssertInfers(DeviceRun.Infer(model, sample), $"{name}, batch of {n}, inference");
    }
}
