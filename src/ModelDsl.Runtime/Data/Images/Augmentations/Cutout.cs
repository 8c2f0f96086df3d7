namespace ModelDsl.Images;

/// <summary>
/// Erases a square at a random position, so that a model does not depend on one region (DeVries and Taylor 2017). The center of the square is in the image; the rest
/// may be outside.
/// </summary>
public sealed record Cutout : Augmentation
{
    /// <summary>Creates the augmentation.</summary>
    /// <param name="size">The side length of the square in pixels.</param>
    /// <param name="value">The value that fills the square.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is less than 1.</exception>
    public Cutout(int size, float value = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (Size, Value) = (size, value);
    }

    /// <summary>The side length of the square in pixels.</summary>
    public int Size { get; }

    /// <summary>The value that fills the square.</summary>
    public float Value { get; }

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random)
    {
        var (x, y) = (random.Below(plan.Size.Width), random.Below(plan.Size.Height));
        plan.Cuts.Add(new Cut(x - (Size / 2), y - (Size / 2), Size, Size, Value));
    }
}
