using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Generator.Tests.Oracles;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Corpus;

/// <summary>
/// The models that all properties are tested on: declared ones and random ones. The fast tier tries a few that have every layer, scalar operation and kind of node that any of them has, the standard tier
/// more, so that every argument is also among them and each kind of node reads every other kind that it reads in any model, and the long tier all.
/// </summary>
internal static class ModelCorpus
{
    /// <summary>Parts of the models, each of them a test.</summary>
    private const int Shares = 8;

    private const int Lists = 300, Images = 150, Forwards = 150, Recurrences = 80, Scans = 80;

    /// <summary>All models.</summary>
    public static IReadOnlyList<CorpusModel> All { get; } =
    [
        .. DeclaredModels.Programs.Select((program, number) => OfSource(ModelForm.Declared, number, $"Declared{number}.{program.Name}", $"namespace Declared{number}\n{{\n{program.Source}\n}}\n")),
        .. Range(Lists).Select(seed => OfList(ModelForm.List, seed, RandomModels.Valid(seed))),
        .. Range(Images).Select(seed => OfList(ModelForm.Images, seed, RandomImages.Valid(seed))),
        .. Range(Forwards).Select(RandomForwards.Valid).Zip(Range(Forwards), (model, seed) => OfSource(ModelForm.Forward, seed, model.Key, model.Source)),
        .. Range(Recurrences).Select(seed => OfList(ModelForm.Recurrent, seed, RandomRecurrences.Valid(seed))),
        .. Range(Scans).Select(RandomScans.Valid).Zip(Range(Scans), (model, seed) => OfSource(ModelForm.Scan, seed, model.Key, model.Source)),
    ];

    private static readonly Lazy<CSharpCompilation> Sources = new(() =>
        TestCompilation.Create(TestCompilation.WithoutWarnings, [.. All.Where(model => model.Form is ModelForm.Declared or ModelForm.Forward or ModelForm.Scan).Select(model => model.Source)]));

    private static readonly Lazy<IReadOnlyList<CorpusModel>> FewWithAllFeatures = new(() =>
    {
        var few = FeatureCover.Choose(All, withDetails: false);
        var chosen = TestScale.IsFast ? few : FeatureCover.Choose(All, withDetails: true);
        TestScale.Count("models of the corpus", few.Count, TestScale.IsLong ? All.Count : chosen.Count);
        return chosen;
    });

    /// <summary>The models that are chosen in the fast and the standard tier.</summary>
    public static IReadOnlyList<CorpusModel> Chosen => FewWithAllFeatures.Value;

    /// <summary>The models of this run.</summary>
    public static IReadOnlyList<CorpusModel> Tried => TestScale.IsLong ? All : Chosen;

    /// <summary>The indices of the shares, for theories.</summary>
    public static TheoryData<int> ShareIndices => [.. Enumerable.Range(0, Shares)];

    /// <summary>The indices of the shares, of which the fast tier has every other one, for properties that few changes break.</summary>
    public static TheoryData<int> FewShareIndices => [.. TestScale.Some("shares of the corpus on another target and in equal groups", Enumerable.Range(0, Shares), 2)];

    /// <summary>One of the shares of this run's models, each of which holds models of all forms.</summary>
    public static IReadOnlyList<CorpusModel> Share(int index) => [.. Tried.Where((_, number) => number % Shares == index)];

    /// <summary>Returns random models of all forms that are not among those of the corpus.</summary>
    /// <param name="first">The number of the first one.</param>
    /// <param name="count">How many there are.</param>
    public static IReadOnlyList<CorpusModel> Others(int first, int count)
    {
        const int AfterAll = 500_000;
        int[] seeds = [.. Range(count).Select(seed => seed + AfterAll + first)];
        var texts = seeds.Where((_, number) => number % 5 > 2).Select((seed, number) => (Seed: seed, Form: number % 2 == 0 ? ModelForm.Forward : ModelForm.Scan))
            .ToDictionary(one => one.Seed, one => (one.Form, Model: one.Form == ModelForm.Forward ? RandomForwards.Valid(one.Seed) : RandomScans.Valid(one.Seed)));
        var compilation = TestCompilation.Create(TestCompilation.WithoutWarnings, [.. texts.Values.Select(text => text.Model.Source)]);
        return [.. seeds.Select((seed, number) => (number % 5) switch
        {
            0 => OfList(ModelForm.List, seed, RandomModels.Valid(seed)),
            1 => OfList(ModelForm.Images, seed, RandomImages.Valid(seed)),
            2 => OfList(ModelForm.Recurrent, seed, RandomRecurrences.Valid(seed)),
            _ => OfSource(texts[seed].Form, seed, texts[seed].Model.Key, texts[seed].Model.Source, compilation),
        })];
    }

    /// <summary>Checks models and fails once, with the source of each that fails.</summary>
    public static void Check(IEnumerable<CorpusModel> models, Action<CorpusModel> check) => Generated.Failures.Collect(models, model =>
    {
        try
        {
            check(model);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.Message} ({TestScale.Described})\n{model.Source}", exception);
        }
    });

    private static IEnumerable<int> Range(int count) => Enumerable.Range((TestScale.Seed - 1) * 1_000_000, count);

    private static CorpusModel OfList(ModelForm form, int seed, SpecBuilder model) => new(form, seed, model.Key, model.Source, model.Build);

    private static CorpusModel OfSource(ModelForm form, int seed, string key, string source, CSharpCompilation? compilation = null) =>
        new(form, seed, key, source, () => ModelParser.ReadModel((compilation ?? Sources.Value).GetTypeByMetadataName(key)!, compilation ?? Sources.Value, default));
}
