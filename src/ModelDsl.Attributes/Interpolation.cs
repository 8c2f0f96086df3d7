namespace ModelDsl;

/// <summary>How values between known ones are found.</summary>
public enum Interpolation
{
    /// <summary>The nearest known value.</summary>
    Nearest,

    /// <summary>On straight lines between the nearest in each direction; beyond the outermost, their value.</summary>
    Bilinear,
}
