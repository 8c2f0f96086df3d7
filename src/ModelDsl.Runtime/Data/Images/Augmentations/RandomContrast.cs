namespace ModelDsl.Images;

/// <summary>Moves values towards the mean of their channel in the picture or away from it. Values are kept within [0, 1].</summary>
public sealed record RandomContrast : Augmentation
{
    /// <summary>Changes the contrast.</summary>
    /// <param name="amount">0.2 multiplies distances from the mean by 0.8 to 1.2; from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
    public RandomContrast(double amount) => Amount = Between(0, 1, amount, nameof(amount));

    /// <summary>How much distances from the mean change at most.</summary>
    public double Amount { get; }

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random) =>
        plan.Colors.Add(new ColorChange(random.Next(1 - Amount, 1 + Amount), 0));
}
