using System.Collections.Concurrent;
using ModelDsl.Generator.Tests.Networks;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>
/// The random models that the kernels of the CPU are compared with, and well-known networks: compiled when they are first asked for, once for all tests.
/// </summary>
internal static class RandomSuite
{
    /// <summary>Models of one compilation.</summary>
    private const int Together = 20;

    private static readonly Dictionary<string, (Func<int, string> Source, int Count)> Kinds = new()
    {
        ["models"] = (seed => RandomModels.Valid(seed).Source, 200),
        ["images"] = (seed => RandomImages.Valid(seed).Source, 80),
        ["forwards"] = (seed => RandomForwards.Valid(seed).Source, 40),
    };

    private static readonly ConcurrentDictionary<string, Lazy<GeneratedModels>> Known = [];

    /// <summary>The first part of each kind of random models.</summary>
    public static IEnumerable<string> FirstParts => Kinds.Keys.Select(kind => $"{kind} 0");

    /// <summary>
    /// The names of the parts: a kind of models and the seed of the first, or the networks. In a run of ordinary length the first part of each kind.
    /// </summary>
    public static IReadOnlyList<string> Parts { get; } = TestScale.Factor == 1
        ? [.. FirstParts]
        : [.. from kind in Kinds from part in Enumerable.Range(0, kind.Value.Count / Together) select $"{kind.Key} {part * Together}", "networks"];

    /// <summary>The models of a part.</summary>
    public static GeneratedModels Of(string part) => Known.GetOrAdd(part, static part => new(() => Compile(part))).Value;

    private static GeneratedModels Compile(string part)
    {
        if (part == "networks")
            return GeneratedModels.Of(ImageNetworks.Blocks, ImageNetworks.Narrow);
        var (kind, first) = (part.Split(' ')[0], int.Parse(part.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        return GeneratedModels.Of([.. Enumerable.Range(first, Together).Select(Kinds[kind].Source)]);
    }
}
