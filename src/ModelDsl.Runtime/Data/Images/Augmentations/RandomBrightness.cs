namespace ModelDsl.Images;

/// <summary>Makes pictures lighter or darker. Values are kept within [0, 1].</summary>
public sealed record RandomBrightness : Augmentation
{
    /// <summary>Makes pictures lighter or darker.</summary>
    /// <param name="amount">What is added or subtracted at most, where black is 0 and white 1; from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
    public RandomBrightness(double amount) => Amount = Between(0, 1, amount, nameof(amount));

    /// <summary>What is added or subtracted at most.</summary>
    public double Amount { get; }

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random) =>
        plan.Colors.Add(new ColorChange(1, random.Next(-Amount, Amount)));
}
