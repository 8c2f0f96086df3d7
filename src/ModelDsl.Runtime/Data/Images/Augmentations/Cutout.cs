namespace ModelDsl.Images;

/// <summary>
/// Blanks a square at a random position, so that a model cannot rely on one spot (DeVries and Taylor 2017). Its middle lies in the picture; the rest of it
/// may not.
/// </summary>
public sealed record Cutout : Augmentation
{
    /// <summary>Blanks a square.</summary>
    /// <param name="size">Pixels along a side.</param>
    /// <param name="value">What the square is filled with.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is less than 1.</exception>
    public Cutout(int size, float value = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (Size, Value) = (size, value);
    }

    /// <summary>Pixels along a side.</summary>
    public int Size { get; }

    /// <summary>What the square is filled with.</summary>
    public float Value { get; }

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random)
    {
        var (x, y) = (random.Below(plan.Size.Width), random.Below(plan.Size.Height));
        plan.Cuts.Add(new Cut(x - (Size / 2), y - (Size / 2), Size, Size, Value));
    }
}
