namespace ModelDsl.Images;

/// <summary>
/// A random change of images that keeps their meaning; see <see cref="Dataset.Augment"/>. Augmentations are immutable and can be shared.
/// </summary>
/// <remarks>
/// In any order, the geometric changes of all augmentations are applied first, as one map from new to old coordinates, so that an image is interpolated
/// only once. Brightness and contrast follow, and then cutouts. Changes of the same kind are applied in their order.
/// </remarks>
public abstract record Augmentation
{
    private protected Augmentation()
    {
    }

    /// <summary>Draws a random change and adds it to the plan for an image.</summary>
    internal abstract void Draw(AugmentationPlan plan, ref AugmentationRandom random);

    /// <summary>Returns the size of the images after the change.</summary>
    /// <param name="size">The size before the change.</param>
    internal virtual ImageSize SizeAfter(ImageSize size) => size;

    private protected static double Between(double least, double most, double value, string parameter) =>
        ArgumentCheck.Within(value, least, most, parameter);
}

/// <summary>The size of an image.</summary>
internal readonly record struct ImageSize(int Width, int Height);
