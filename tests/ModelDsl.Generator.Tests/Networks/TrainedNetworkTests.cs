using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Tests.Shared;
using Xunit.Abstractions;

namespace ModelDsl.Generator.Tests.Networks;

/// <summary>
/// A hundred random networks, five training steps each, against PyTorch: losses, gradients, what the optimizer makes of the parameters, running statistics, and outputs
/// after training. Every network runs at one width of vectors, because its program for each has to be compiled; in the long tier it runs at all of them and
/// must end with the same bits.
/// </summary>
/// <param name="output">Where the seed is printed.</param>
public sealed class TrainedNetworkTests(ITestOutputHelper output)
{
    /// <summary>A compilation each: every fifth network, so that all have networks of all kinds.</summary>
    private static readonly CpuTarget[] Targets = [CpuTarget.Avx512, CpuTarget.Avx2, CpuTarget.Portable, CpuTarget.Avx512, CpuTarget.Avx2];

    private static readonly bool EveryWidth = TestScale.IsLong;

    public static TheoryData<int> Chunks => [.. TestScale.Some("parts of the trained networks", Enumerable.Range(0, Targets.Length), Targets.Length)];

    [Fact]
    public void There_are_a_hundred_networks() => Assert.Equal(100, TrainedNetworks.Default.All.Count);

    [Theory]
    [MemberData(nameof(Chunks))]
    public void Training_gives_the_values_of_PyTorch(int chunk)
    {
        var vectors = TrainedNetworks.Default;
        var networks = vectors.All.Where((_, index) => index % Targets.Length == chunk).ToArray();
        TestScale.Count("widths of each trained network", 1, EveryWidth ? CpuTarget.All.Count : 1);
        var targets = EveryWidth ? CpuTarget.All : [Targets[chunk]];
        var (worst, where) = (0.0, "");
        output.WriteLine($"{networks.Length} networks from {networks[0].Name} on, drawn with seed {vectors.Seed}, PyTorch {vectors.PyTorch}");
        using var library = ModelLibrary.Of(targets, [.. networks.Select(network => network.Source)]);
        Failures.Collect(networks, network =>
        {
            try
            {
                var error = Check(library[network.Name], network, vectors.Tolerance, targets);
                if (error > worst) (worst, where) = (error, network.Name);
            }
            catch (Xunit.Sdk.XunitException exception)
            {
                Assert.Fail($"{exception.Message} (networks drawn with seed {vectors.Seed})\n{network.Source}");
            }
        });
        output.WriteLine($"the greatest error is {worst:P0} of what is allowed, in {where}");
    }

    private static double Check(CompiledType type, TrainedNetwork network, RoundingTolerance tolerance, IEnumerable<CpuTarget> targets)
    {
        var (worst, bits) = (0.0, (float[]?)null);
        foreach (var target in targets)
        {
            using var device = new CpuDevice { VectorBits = target.Bits, Threads = 1 };
            worst = Math.Max(worst, NetworkTraining.Run(type, network, tolerance, device, out var parameters));
            if (bits is not null) Outcome.AssertSameBits(bits, parameters, $"parameters and states with vectors of {target.Bits} bits");
            bits = parameters;
        }

        return worst;
    }
}
