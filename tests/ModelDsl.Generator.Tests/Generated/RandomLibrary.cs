namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Random models in one compilation.</summary>
/// <param name="first">The seed of the first model; the others follow it.</param>
/// <param name="models">The models.</param>
internal sealed class RandomLibrary(int first, IReadOnlyList<(string Key, string Source)> models) : IDisposable
{
    private readonly ModelLibrary library = ModelLibrary.Of([.. models.Select(model => model.Source)]);

    /// <summary>The compiled assembly.</summary>
    public byte[] Image => library.Image;

    /// <summary>Runs every model and compares it with its graph. A failure shows the model's source.</summary>
    public void Check() => Failures.Collect(Enumerable.Range(0, models.Count), i =>
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

    public void Dispose() => library.Dispose();

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
