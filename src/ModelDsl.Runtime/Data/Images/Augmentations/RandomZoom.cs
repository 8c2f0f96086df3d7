using System.Numerics;

namespace ModelDsl.Images;

/// <summary>Shows pictures larger or smaller, about their middle.</summary>
public sealed record RandomZoom : Augmentation
{
    /// <summary>Shows pictures larger or smaller, about their middle.</summary>
    /// <param name="amount">0.1 shows them between 90 % and 110 % of their size; from 0 to 0.9.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
    public RandomZoom(double amount) => Amount = Between(0, 0.9, amount, nameof(amount));

    /// <summary>How much larger or smaller they are shown at most.</summary>
    public double Amount { get; }

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random)
    {
        var scale = 1 / random.Next(1 - Amount, 1 + Amount);
        plan.Move(Matrix3x2.CreateScale(scale, new Vector2(plan.Size.Width / 2f, plan.Size.Height / 2f)));
    }
}
