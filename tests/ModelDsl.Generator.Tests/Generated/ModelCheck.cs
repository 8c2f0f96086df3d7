using ModelDsl.Compiled;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>What holds of every model: right values, the same bits on any registers and any number of threads, samples that do not see each other.</summary>
internal static class ModelCheck
{
    private static readonly (int Bits, int Workers)[] Others = [(256, 2), (128, 3), (512, 8), (256, 1), (128, 1), (512, 3)];

    public static void Run(CompiledType compiled, int n, int seed = 1)
    {
        var lowered = Lowering.Lower(compiled.Spec);
        if (lowered.NeedsTwoSamples is not null) n = Math.Max(n, 2);
        var sample = Sample.Random(lowered, n, seed);
        using var device = new CpuDevice { Threads = 1, VectorBits = compiled.Widths[0] };
        using var model = compiled.Create(device);
        var runners = compiled.Widths.ToDictionary(bits => bits, bits => new ProgramRunner(model, bits));
        var runner = runners[compiled.Widths[0]];
        var what = $"{compiled.Type.Name}, batch of {n}";
        for (var loss = 1; loss < lowered.Losses.Count; loss++) CheckLoss(runners, lowered, sample, loss, what);
        var trained = runner.Train(sample);
        const InferParts parts = InferParts.OutputActivation | InferParts.Loss;
        var inferred = runner.Infer(sample, parts);

        var reference = new Reference(lowered, sample);
        reference.AssertTrains(trained, what);
        reference.AssertInfers(inferred, what + ", inference");
        trained.AssertSameBits(runner.Train(sample, isSecond: true), what + ", second micro-batch");
        foreach (var (bits, workers) in Others.Where(other => runners.ContainsKey(other.Bits)))
        {
            var other = runners[bits];
            var how = $"{what}, {bits} bits, {workers} workers";
            trained.AssertSameBits(other.Train(sample, workers), how);
            inferred.AssertSameBits(other.Infer(sample, parts, workers), how + ", inference");
        }

        string[] names = [.. lowered.Infer!.Roots.Where(root => root.Kind is RootKind.Output or RootKind.Named).Select(root => root.Name)];
        var isApart = !lowered.Train!.Nodes.Any(node => node is RandomNode) && !MeetsInTraining(lowered.Train);
        foreach (var (bits, each) in runners) AssertIndependent(each, sample, names, isApart ? trained : null, inferred, $"{what}, {bits} bits");
    }

    /// <summary>Whether an output of training rests on a sum over samples: the statistics of a batch.</summary>
    private static bool MeetsInTraining(ModelGraph train) =>
        ModelGraph.Sort(train.Roots.Where(root => root.Kind == RootKind.Output).Select(root => root.Value))
            .Any(node => node is ReduceNode && node.Domain.HasBatch && !node.Shape.HasBatch);

    /// <summary>A further loss: right values, the same bits everywhere.</summary>
    private static void CheckLoss(Dictionary<int, ProgramRunner> runners, LoweredModel lowered, Sample sample, int loss, string what)
    {
        var trained = runners.MaxBy(runner => runner.Key).Value.Train(sample, loss: loss);
        new Reference(lowered, sample, loss: loss).AssertTrains(trained, $"{what}, loss {loss}");
        trained.AssertSameBits(runners.MaxBy(runner => runner.Key).Value.Train(sample, loss: loss, isSecond: true), $"{what}, loss {loss}, second micro-batch");
        foreach (var (bits, workers) in Others.Where(other => runners.ContainsKey(other.Bits))) trained.AssertSameBits(runners[bits].Train(sample, workers, loss), $"{what}, loss {loss}, {bits} bits, {workers} workers");
    }

    /// <summary>Each sample gives the same bits alone, elsewhere in the batch, and in a larger batch.</summary>
    private static void AssertIndependent(ProgramRunner runner, Sample sample, string[] names, Outcome? trained, Outcome inferred, string what)
    {
        var last = sample.N - 1;
        string[] activated = [.. names, .. names.Select(name => name + " activated")];
        int[][] picks = [[last], [.. Enumerable.Range(0, sample.N).Reverse()], [.. Enumerable.Range(0, sample.N + 13).Select(i => i * 5 % sample.N)]];
        foreach (var pick in picks)
        {
            var some = sample.Pick(pick);
            var alone = runner.Infer(some, InferParts.OutputActivation);
            Compare(inferred, alone, activated);

            // Training does not compute what is inside the network and has a name.
            if (trained is not null) Compare(trained, runner.Train(some), names.Where(trained.Values.ContainsKey));

            void Compare(Outcome whole, Outcome part, IEnumerable<string> compared)
            {
                foreach (var name in compared)
                {
                    var values = part.Values[name];
                    var length = values.Length / pick.Length;
                    for (var i = 0; i < pick.Length; i++)
                    {
                        var expected = whole.Values[name].AsSpan(pick[i] * length, length);
                        Outcome.AssertSameBits(expected, values.AsSpan(i * length, length), $"{what}: {name} of sample {pick[i]} as number {i} of {pick.Length}");
                    }
                }
            }
        }
    }
}
