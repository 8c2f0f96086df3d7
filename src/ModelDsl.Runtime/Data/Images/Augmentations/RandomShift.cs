using System.Numerics;

namespace ModelDsl.Images;

/// <summary>Moves images horizontally and vertically by whole pixels, so that they stay sharp.</summary>
public sealed record RandomShift : Augmentation
{
    /// <summary>Creates the augmentation.</summary>
    /// <param name="amount">The maximum shift as a fraction of the width and height, in all directions; from 0 to 1. 0.125 moves 32 × 32 pixels by up to 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
    public RandomShift(double amount) => Amount = Between(0, 1, amount, nameof(amount));

    /// <summary>The maximum shift as a fraction of the width and height.</summary>
    public double Amount { get; }

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random)
    {
        var (x, y) = (Pixels(plan.Size.Width, ref random), Pixels(plan.Size.Height, ref random));
        plan.Move(Matrix3x2.CreateTranslation(-x, -y));
    }

    private int Pixels(int size, ref AugmentationRandom random)
    {
        var most = (int)Math.Round(Amount * size, MidpointRounding.AwayFromZero);
        return random.Below((2 * most) + 1) - most;
    }
}
