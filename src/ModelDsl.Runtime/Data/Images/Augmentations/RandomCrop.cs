using System.Numerics;

namespace ModelDsl.Images;

/// <summary>Crops each image at a random position. The model's input has the size of the crop.</summary>
public sealed record RandomCrop : Augmentation
{
    /// <summary>Creates the augmentation.</summary>
    /// <param name="height">The number of rows of the crop, not more than those of the image.</param>
    /// <param name="width">The number of columns of the crop, not more than those of the image.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public RandomCrop(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Height, Width) = (height, width);
    }

    /// <summary>The number of rows of the crop.</summary>
    public int Height { get; }

    /// <summary>The number of columns of the crop.</summary>
    public int Width { get; }

    internal override ImageSize SizeAfter(ImageSize size) => Width <= size.Width && Height <= size.Height
        ? new ImageSize(Width, Height)
        : throw new ArgumentException($"A part of {Height} × {Width} (height × width) cannot be cut out of pictures of {size.Height} × {size.Width}.");

    internal override void Draw(AugmentationPlan plan, ref AugmentationRandom random)
    {
        var (x, y) = (random.Below(plan.Size.Width - Width + 1), random.Below(plan.Size.Height - Height + 1));
        plan.Move(Matrix3x2.CreateTranslation(x, y), new ImageSize(Width, Height));
    }
}
