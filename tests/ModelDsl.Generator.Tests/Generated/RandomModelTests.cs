using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Hundreds of random models, generated, compiled and run. A failure shows the model's source.</summary>
public class RandomModelTests
{
    /// <summary>Models of one compilation.</summary>
    private const int Together = 25;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 8).Select(chunk => chunk * Together)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_models_compute_what_their_graphs_say(int first) => Run(first, [.. Enumerable.Range(first, Together).Select(RandomModels.Valid)]);

    [Theory]
    [InlineData(0)]
    [InlineData(Together)]
    [InlineData(2 * Together)]
    public void Random_images_compute_what_their_graphs_say(int first) => Run(first, [.. Enumerable.Range(first, Together).Select(RandomImages.Valid)]);

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(40)]
    public void Random_forwards_compute_what_their_graphs_say(int first) =>
        Run(first, [.. Enumerable.Range(first, 12).Select(RandomForwards.Valid).Select(model => (model.Key, model.Source))]);

    private static void Run(int first, SpecBuilder[] models) => Run(first, [.. models.Select(model => (model.Key, model.Source))]);

    private static void Run(int first, (string Key, string Source)[] models)
    {
        using var library = ModelLibrary.Of([.. models.Select(model => model.Source)]);
        Failures.Collect(Enumerable.Range(0, models.Length), i =>
        {
            try
            {
                ModelCheck.Run(library[models[i].Key], BatchOf(first + i), first + i);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{exception.Message}\n{models[i].Source}", exception);
            }
        });
    }

    /// <summary>Mostly small batches; those of up to 70 samples go through every rung of the ladder of tiles.</summary>
    private static int BatchOf(int seed) => (seed % 5) switch
    {
        0 => 1,
        1 => 2 + (seed % 3),
        2 => 5 + (seed % 9),
        3 => 13 + (seed % 20),
        _ => 33 + (seed % 38),
    };
}
