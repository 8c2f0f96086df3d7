using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Ilgpu.Tests.Support;

namespace ModelDsl.Ilgpu.Tests.Results;

/// <summary>
/// Random models on the device, held to the interpreter of their graphs, in double precision, as the kernels of the CPU are: layers in connections
/// that nobody thought of, shared weights, several inputs, outputs and losses.
/// </summary>
[Collection(SharedDevice.Name)]
public sealed class RandomModelTests(SharedDevice shared)
{
    /// <summary>Models of each kind: ILGPU's CPU accelerator has a thread of the system for every thread of a group, and takes its time.</summary>
    private const int OfEachKind = 4;

    public static TheoryData<string> Parts => [.. RandomSuite.FirstParts];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Models_compute_what_their_graphs_say(string part)
    {
        var models = RandomSuite.Of(part);
        Failures.Collect(models.Names.Take(OfEachKind).Select((name, seed) => (name, seed)), model => Check(models, model.name, model.seed));
    }

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
