using System.Numerics;

namespace ModelDsl.Images;

/// <summary>The changes of one image. A thread reuses it for the next image.</summary>
internal sealed class AugmentationPlan
{
    /// <summary>The size of the image after the changes so far.</summary>
    public ImageSize Size { get; private set; }

    /// <summary>The map from coordinates of the new image to coordinates of the old one, in pixels from the upper left corner.</summary>
    public Matrix3x2 Map { get; private set; }

    public List<ColorChange> Colors { get; } = [];

    public List<Cut> Cuts { get; } = [];

    /// <summary>Begins with an unchanged image.</summary>
    public void Begin(ImageSize size)
    {
        Size = size;
        Map = Matrix3x2.Identity;
        Colors.Clear();
        Cuts.Clear();
    }

    /// <summary>Adds a change of coordinates.</summary>
    /// <param name="map">The map from coordinates after this change to coordinates before it.</param>
    /// <param name="size">The size after it.</param>
    public void Move(Matrix3x2 map, ImageSize size)
    {
        // Row vectors are multiplied from the left, so the last change is applied first on the way back to the old image.
        Map = map * Map;
        Size = size;
    }

    /// <summary>Adds a change of coordinates that keeps the size.</summary>
    public void Move(Matrix3x2 map) => Move(map, Size);
}

/// <summary>Changes every value v to m + (v − m) · <paramref name="Gain"/> + <paramref name="Offset"/>, where m is the mean of its channel.</summary>
internal readonly record struct ColorChange(float Gain, float Offset);

/// <summary>A rectangle that is filled with a value; it may extend beyond the image.</summary>
internal readonly record struct Cut(int Left, int Top, int Width, int Height, float Value);
