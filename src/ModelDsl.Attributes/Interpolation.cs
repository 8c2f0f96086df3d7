namespace ModelDsl;

/// <summary>The method of interpolation between known values.</summary>
public enum Interpolation
{
    /// <summary>The value of the nearest known value.</summary>
    Nearest,

    /// <summary>Linear interpolation between the nearest known values in each direction; outside the outermost known values, their value.</summary>
    Bilinear,
}
