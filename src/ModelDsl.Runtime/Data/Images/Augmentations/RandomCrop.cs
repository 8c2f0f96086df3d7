using System.Numerics;

namespace ModelDsl.Images;

/// <summary>Keeps a part of each picture, at a random position. The model's input has the size of the part.</summary>
public sealed record RandomCrop : Augmentation
{
    /// <summary>Keeps a part of each picture.</summary>
    /// <param name="height">Rows of the part; at most those of the picture.</param>
    /// <param name="width">Columns of the part; at most those of the picture.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public RandomCrop(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Height, Width) = (height, width);
    }

    /// <summary>Rows of the part.</summary>
    public int Height { get; }

    /// <summary>Columns of the part.</summary>
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
