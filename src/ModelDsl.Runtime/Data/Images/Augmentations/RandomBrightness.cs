namespace ModelDsl.Images;

/// <summary>Makes images lighter or darker. Values are clamped to [0, 1].</summary>
public sealed record RandomBrightness : Augmentation
{
    /// <summary>Creates the augmentation.</summary>
    /// <param name="amount">The maximum that is added or subtracted, where black is 0 and white is 1; from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
    public RandomBrightness(double amount) => Amount = Between(0, 1, amount, nameof(amount));

    /// <summary>The maximum that is added or subtracted.</summary>
    public double Amount { get; }

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random) =>
        plan.Colors.Add(new ColorChange(1, random.Next(-Amount, Amount)));
}
