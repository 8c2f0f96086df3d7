using System.Numerics;

namespace ModelDsl.Images;

/// <summary>Rotates images about their center.</summary>
public sealed record RandomRotation : Augmentation
{
    /// <summary>Creates the augmentation.</summary>
    /// <param name="degrees">The maximum angle in degrees, in both directions; from 0 to 180.</param>
    /// <exception cref="ArgumentOutOfRangeException">The angle is out of range.</exception>
    public RandomRotation(double degrees) => Degrees = Between(0, 180, degrees, nameof(degrees));

    /// <summary>The maximum angle in degrees, in both directions.</summary>
    public double Degrees { get; }

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random)
    {
        var angle = random.Next(-Degrees, Degrees) * MathF.PI / 180;
        plan.Move(Matrix3x2.CreateRotation(angle, new Vector2(plan.Size.Width / 2f, plan.Size.Height / 2f)));
    }
}
