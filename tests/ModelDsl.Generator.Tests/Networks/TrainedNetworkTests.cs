using ModelDsl.Generator.Tests.Generated;
using Xunit.Abstractions;

namespace ModelDsl.Generator.Tests.Networks;

/// <summary>
/// A hundred random networks, five training steps each, against PyTorch: losses, gradients, what the optimizer makes of the parameters, running statistics, and outputs
/// after training. Every network runs at one width of vectors; some, and all of them with MODELDSL_TEST_SCALE above 1, run at every width and end with the same bits.
/// </summary>
/// <param name="output">Where the seed is printed.</param>
public sealed class TrainedNetworkTests(ITestOutputHelper output)
{
    /// <summary>Networks of one compilation.</summary>
    private const int Together = 25;

    private static readonly int[] Widths = [512, 256, 128];

    private static readonly bool EveryWidth = int.TryParse(Environment.GetEnvironmentVariable("MODELDSL_TEST_SCALE"), out var scale) && scale > 1;

    public static TheoryData<int> Chunks => [.. Enumerable.Range(0, TrainedNetworks.Default.All.Count / Together)];

    [Fact]
    public void There_are_a_hundred_networks() => Assert.Equal(100, TrainedNetworks.Default.All.Count);

    [Theory]
    [MemberData(nameof(Chunks))]
    public void Training_gives_the_values_of_PyTorch(int chunk)
    {
        var vectors = TrainedNetworks.Default;
        var networks = vectors.All.Skip(chunk * Together).Take(Together).ToArray();
        var (worst, where) = (0.0, "");
        output.WriteLine($"{networks[0].Name} to {networks[^1].Name}, drawn with seed {vectors.Seed}, PyTorch {vectors.PyTorch}");
        using var library = ModelLibrary.Of([.. networks.Select(network => network.Source)]);
        Failures.Collect(networks, network =>
        {
            try
            {
                var error = Check(library[network.Name], network, vectors.Tolerance, Array.IndexOf(networks, network));
                if (error > worst) (worst, where) = (error, network.Name);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{exception.Message}\nThe networks are drawn with seed {vectors.Seed}.\n{network.Source}", exception);
            }
        });
        output.WriteLine($"the greatest error is {worst:P0} of what is allowed, in {where}");
    }

    private static double Check(CompiledType type, TrainedNetwork network, RoundingTolerance tolerance, int index)
    {
        int[] widths = EveryWidth || index % 8 == 0 ? Widths : [Widths[index % Widths.Length]];
        var (worst, bits) = (0.0, (float[]?)null);
        foreach (var width in widths)
        {
            using var device = new CpuDevice { VectorBits = width, Threads = 1 + (index % 2) };
            worst = Math.Max(worst, NetworkTraining.Run(type, network, tolerance, device, out var parameters));
            if (bits is not null) Outcome.AssertSameBits(bits, parameters, $"parameters and states with vectors of {width} bits");
            bits = parameters;
        }

        return worst;
    }
}
