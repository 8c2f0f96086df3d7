namespace ModelDsl.Images;

/// <summary>
/// A random change of pictures that does not change what they show; see <see cref="Dataset.Augment"/>. Augmentations are immutable and can be shared.
/// </summary>
/// <remarks>
/// Whatever the order, the geometry of all augmentations is applied first, as one map from new to old coordinates, so that a picture is not softened by every
/// one of them; then brightness and contrast, then what is cut out. Within each kind they are applied in their order.
/// </remarks>
public abstract record Augmentation
{
    private protected Augmentation()
    {
    }

    /// <summary>Draws one change and adds it to what is done to a picture.</summary>
    internal abstract void Draw(AugmentationPlan plan, ref AugmentationRandom random);

    /// <summary>The size of the pictures that come out of it.</summary>
    /// <param name="size">The size of those that go in.</param>
    internal virtual ImageSize SizeAfter(ImageSize size) => size;

    private protected static double Between(double least, double most, double value, string parameter) =>
        ArgumentCheck.Within(value, least, most, parameter);
}

/// <summary>Sizes of a picture.</summary>
internal readonly record struct ImageSize(int Width, int Height);
