using System.Numerics;

namespace ModelDsl.Images;

/// <summary>What is done to one picture. Used again for the next one by the same thread.</summary>
internal sealed class AugmentationPlan
{
    /// <summary>The size of the picture as far as the plan goes.</summary>
    public ImageSize Size { get; private set; }

    /// <summary>Where in the old picture a coordinate of the new one comes from, in pixels from the upper left corner.</summary>
    public Matrix3x2 Map { get; private set; }

    public List<ColorChange> Colors { get; } = [];

    public List<Cut> Cuts { get; } = [];

    /// <summary>Begins with a picture as it is.</summary>
    public void Begin(ImageSize size)
    {
        Size = size;
        Map = Matrix3x2.Identity;
        Colors.Clear();
        Cuts.Clear();
    }

    /// <summary>Adds a change of coordinates.</summary>
    /// <param name="map">From coordinates after this change to coordinates before it.</param>
    /// <param name="size">The size after it.</param>
    public void Move(Matrix3x2 map, ImageSize size)
    {
        // A row vector goes through the left factor first: the newest change comes first on the way back to the old picture.
        Map = map * Map;
        Size = size;
    }

    /// <summary>Adds a change of coordinates that keeps the size.</summary>
    public void Move(Matrix3x2 map) => Move(map, Size);
}

/// <summary>Every value v becomes m + (v − m) · <paramref name="Gain"/> + <paramref name="Offset"/>, m being the mean of its channel.</summary>
internal readonly record struct ColorChange(float Gain, float Offset);

/// <summary>A rectangle that is filled with a value; it may reach beyond the picture.</summary>
internal readonly record struct Cut(int Left, int Top, int Width, int Height, float Value);
