using System.Numerics;

namespace ModelDsl.Images;

/// <summary>Enlarges or reduces images about their center.</summary>
public sealed record RandomZoom : Augmentation
{
    /// <summary>Creates the augmentation.</summary>
    /// <param name="amount">The maximum relative change of the size, from 0 to 0.9: 0.1 gives 90 % to 110 % of the size.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
    public RandomZoom(double amount) => Amount = Between(0, 0.9, amount, nameof(amount));

    /// <summary>The maximum relative change of the size.</summary>
    public double Amount { get; }

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random)
    {
        var scale = 1 / random.Next(1 - Amount, 1 + Amount);
        plan.Move(Matrix3x2.CreateScale(scale, new Vector2(plan.Size.Width / 2f, plan.Size.Height / 2f)));
    }
}
