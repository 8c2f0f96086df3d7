using System.Collections.Concurrent;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>The models of the corpus with their kernels for GPUs, compiled at their first use, once for all tests.</summary>
internal static class CorpusKernels
{
    /// <summary>The number of models that are trained in the fast tier: the one with the most features.</summary>
    private const int FastCount = 1;

    private static readonly ConcurrentDictionary<int, Lazy<GeneratedModels>> Shares = [];

    /// <summary>
    /// The number of models that are trained. ILGPU's CPU accelerator has a thread of the system for every thread of a group and takes its time; devices that run compiled kernels take as long to compile those of a
    /// model.
    /// </summary>
    public static int TrainedCount { get; } = TestScale.IsFast ? FastCount : (TestScale.IsLong ? 2 : 1) * (TestDevice.RunsCompiledKernels ? 14 : 6);

    /// <summary>The shares of the models whose kernels are compiled.</summary>
    public static int ShareCount { get; } = TestScale.IsFast ? 2 : 6;

    private static readonly Lazy<IReadOnlyList<CorpusModel>> MostFeatures = new(() =>
    {
        TestScale.Count("models of the corpus trained on the GPU target", FastCount, TrainedCount);
        return [.. ModelCorpus.Chosen.Take(TrainedCount)];
    });

    /// <summary>The models that are trained: of the chosen ones, those that have the most features for their size.</summary>
    public static IReadOnlyList<CorpusModel> Trained => MostFeatures.Value;

    /// <summary>The share that one of these models is in.</summary>
    /// <param name="number">The number among <see cref="Trained"/>.</param>
    public static GeneratedModels OfTrained(int number) => OfShare(number % ShareCount);

    /// <summary>
    /// A share of the models whose kernels are compiled. ILGPU takes about a second for those of a model: the fast and the standard tier have the chosen models with the most features, the long one more of
    /// them and every sixth model of the corpus.
    /// </summary>
    public static GeneratedModels OfShare(int share) => Shares.GetOrAdd(share, static share => new(() => Compile([.. Compiled.Where((_, number) => number % ShareCount == share)]))).Value;

    /// <summary>Of so many models of the corpus a long run compiles one: what ILGPU compiles stays in memory.</summary>
    private const int Interval = 6;

    private static IEnumerable<CorpusModel> Compiled => !TestScale.IsLong
        ? ModelCorpus.Chosen.Take(Math.Max(TrainedCount, 2 * ShareCount))
        : ModelCorpus.Chosen.Take(Math.Max(TrainedCount, 4 * ShareCount)).Union(ModelCorpus.All.Where((_, number) => number % Interval == 0));

    private static GeneratedModels Compile(IReadOnlyList<CorpusModel> models) => GeneratedModels.Of([.. models.Select(model => model.Source)]);
}
