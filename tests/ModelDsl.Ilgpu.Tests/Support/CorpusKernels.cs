using System.Collections.Concurrent;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>The models of the corpus with their kernels for GPUs, compiled at their first use, once for all tests.</summary>
internal static class CorpusKernels
{
    /// <summary>The number of models for tests on ILGPU's CPU accelerator, which has a thread of the system for every thread of a group and takes its time.</summary>
    public static int FirstCount { get; } = TestScale.IsFast ? 3 : TestScale.IsLong ? 12 : 6;

    private static readonly ConcurrentDictionary<int, Lazy<GeneratedModels>> Shares = [];

    /// <summary>The chosen models that have the most features for their size.</summary>
    public static IReadOnlyList<CorpusModel> First => [.. ModelCorpus.Chosen.Take(FirstCount)];

    /// <summary>These models, compiled.</summary>
    public static Lazy<GeneratedModels> OfFirst { get; } = new(() => Compile(First));

    /// <summary>The shares of the models whose kernels are compiled.</summary>
    public static int ShareCount { get; } = TestScale.IsFast ? 2 : 6;

    /// <summary>
    /// A share of the models whose kernels are compiled. ILGPU takes about a second for those of a model: the fast and the standard tier have the chosen models with the most features, the long one more of
    /// them and every sixth model of the corpus.
    /// </summary>
    public static GeneratedModels OfShare(int share) => Shares.GetOrAdd(share, static share => new(() => Compile([.. Compiled.Where((_, number) => number % ShareCount == share)]))).Value;

    /// <summary>Of so many models of the corpus a long run compiles one: what ILGPU compiles stays in memory.</summary>
    private const int Interval = 6;

    private static IEnumerable<CorpusModel> Compiled => !TestScale.IsLong
        ? ModelCorpus.Chosen.Take(2 * ShareCount)
        : ModelCorpus.Chosen.Take(4 * ShareCount).Union(ModelCorpus.All.Where((_, number) => number % Interval == 0));

    private static GeneratedModels Compile(IReadOnlyList<CorpusModel> models) => GeneratedModels.Of([.. models.Select(model => model.Source)]);
}
