using System.ComponentModel;

namespace ModelDsl.Ilgpu.Compiled;

#pragma warning disable CA1051 // devices load a structure of fields in one instruction

/// <summary>Four floats that are loaded and stored together.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct Quad
{
    /// <summary>The first float.</summary>
    public float X;

    /// <summary>The second float.</summary>
    public float Y;

    /// <summary>The third float.</summary>
    public float Z;

    /// <summary>The fourth float.</summary>
    public float W;

    /// <summary>Creates a quad from four floats.</summary>
    /// <param name="x">The first float.</param>
    /// <param name="y">The second float.</param>
    /// <param name="z">The third float.</param>
    /// <param name="w">The fourth float.</param>
    public Quad(float x, float y, float z, float w) => (X, Y, Z, W) = (x, y, z, w);
}
