using System.Collections.Concurrent;
using ModelDsl.Generator.Tests.Corpus;

namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>The models of the corpus with their kernels for GPUs, compiled when they are first asked for, once for all tests.</summary>
internal static class CorpusKernels
{
    /// <summary>The number of models for tests on ILGPU's CPU accelerator, which has a thread of the system for every thread of a group and takes its time.</summary>
    public const int FirstCount = 12;

    private static readonly ConcurrentDictionary<int, Lazy<GeneratedModels>> Shares = [];

    /// <summary>The chosen models that have the most features for their size.</summary>
    public static IReadOnlyList<CorpusModel> First => [.. ModelCorpus.Chosen.Take(FirstCount)];

    /// <summary>These models, compiled.</summary>
    public static Lazy<GeneratedModels> OfFirst { get; } = new(() => Compile(First));

    /// <summary>A share of the corpus.</summary>
    public static GeneratedModels OfShare(int share) => Shares.GetOrAdd(share, static share => new(() => Compile(ModelCorpus.Share(share)))).Value;

    private static GeneratedModels Compile(IReadOnlyList<CorpusModel> models) => GeneratedModels.Of([.. models.Select(model => model.Source)]);
}
