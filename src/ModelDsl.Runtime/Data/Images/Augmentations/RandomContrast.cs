namespace ModelDsl.Images;

/// <summary>Moves values towards or away from the mean of their channel in the image. Values are clamped to [0, 1].</summary>
public sealed record RandomContrast : Augmentation
{
    /// <summary>Creates the augmentation.</summary>
    /// <param name="amount">The maximum relative change of differences from the mean, from 0 to 1: 0.2 multiplies them by 0.8 to 1.2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
    public RandomContrast(double amount) => Amount = Between(0, 1, amount, nameof(amount));

    /// <summary>The maximum relative change of differences from the mean.</summary>
    public double Amount { get; }

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random) =>
        plan.Colors.Add(new ColorChange(random.Next(1 - Amount, 1 + Amount), 0));
}
