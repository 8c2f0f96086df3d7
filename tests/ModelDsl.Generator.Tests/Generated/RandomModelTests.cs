using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Hundreds of random lists of layers, generated, compiled, held to the size of their methods, and run.</summary>
public class RandomModelTests
{
    /// <summary>Models of one compilation.</summary>
    private const int Together = 25;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 8).Select(chunk => chunk * Together)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_models_compute_what_their_graphs_say(int first)
    {
        using var models = new RandomLibrary(first, [.. Enumerable.Range(first, Together).Select(RandomModels.Valid).Select(model => (model.Key, model.Source))]);
        MethodSizes.Check(models.Image);
        models.Check();
    }
}

/// <summary>The same for models of images and sequences.</summary>
public class RandomImageTests
{
    private const int Together = 25;

    public static TheoryData<int> Seeds => [0, Together, 2 * Together];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_images_compute_what_their_graphs_say(int first)
    {
        using var models = new RandomLibrary(first, [.. Enumerable.Range(first, Together).Select(RandomImages.Valid).Select(model => (model.Key, model.Source))]);
        MethodSizes.Check(models.Image);
        models.Check();
    }
}

/// <summary>The same for models in the full form, whose calls of kernels may be many.</summary>
public class RandomForwardTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(40)]
    public void Random_forwards_compute_what_their_graphs_say(int first)
    {
        using var models = new RandomLibrary(first, [.. Enumerable.Range(first, 12).Select(RandomForwards.Valid).Select(model => (model.Key, model.Source))]);
        models.Check();
    }
}
