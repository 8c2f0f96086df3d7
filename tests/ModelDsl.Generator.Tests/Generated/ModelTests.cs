using System.Text.RegularExpressions;
using ModelDsl.Generator.Tests.Corpus;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>The models of the corpus as users have them: generated, compiled, run, and compared with float64.</summary>
public partial class ModelTests
{
    public static TheoryData<int> Shares => ModelCorpus.ShareIndices;

    [Theory]
    [MemberData(nameof(Shares))]
    public void Models_compute_what_their_graphs_say(int share)
    {
        var models = ModelCorpus.Share(share);
        using var library = ModelLibrary.Of(Widths.Some(share), [.. models.Select(model => model.Source)]);
        MethodSizes.Check(library.Image);
        Assert.All(library.Files, file => Assert.DoesNotMatch(NameOfTheCompiler(), file.Value));
        ModelCorpus.Check(models, model =>
        {
            // Declared models are few and have every feature by themselves.
            int[] batches = model.Form == ModelForm.Declared ? [1, 3, 17] : [BatchOf(model.Seed)];
            foreach (var n in batches) ModelCheck.Run(library[model.Key], n, model.Form == ModelForm.Declared ? 1 : model.Seed);
        });
    }

    /// <summary>Mostly small batches; those of up to 70 samples go through tiles of every size.</summary>
    internal static int BatchOf(int seed) => (seed % 5) switch
    {
        0 => 1,
        1 => 2 + (seed % 3),
        2 => 5 + (seed % 9),
        3 => 13 + (seed % 20),
        _ => 33 + (seed % 38),
    };

    [GeneratedRegex(@"\bt\d+\b")]
    private static partial Regex NameOfTheCompiler();
}
