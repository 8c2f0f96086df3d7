using System.Numerics;

namespace ModelDsl.Images;

/// <summary>Mirrors each image with a probability of one half.</summary>
/// <param name="Axes">The directions: left and right, up and down, or both, independently of each other.</param>
public sealed record RandomFlip(FlipAxes Axes = FlipAxes.Horizontal) : Augmentation
{
    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random)
    {
        if ((Axes & FlipAxes.Horizontal) != 0 && random.Next() < 0.5f)
            plan.Move(new Matrix3x2(-1, 0, 0, 1, plan.Size.Width, 0));
        if ((Axes & FlipAxes.Vertical) != 0 && random.Next() < 0.5f)
            plan.Move(new Matrix3x2(1, 0, 0, -1, 0, plan.Size.Height));
    }
}

/// <summary>Directions in which images are mirrored.</summary>
[Flags]
public enum FlipAxes
{
    /// <summary>No direction.</summary>
    None = 0,

    /// <summary>Left and right are exchanged.</summary>
    Horizontal = 1,

    /// <summary>Up and down are exchanged.</summary>
    Vertical = 2,

    /// <summary>Both, independently of each other.</summary>
    Both = Horizontal | Vertical,
}
