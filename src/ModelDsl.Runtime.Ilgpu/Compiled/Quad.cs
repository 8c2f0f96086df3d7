using System.ComponentModel;

namespace ModelDsl.Ilgpu.Compiled;

#pragma warning disable CA1051 // a structure of fields is what devices load in one instruction

/// <summary>Four floats that are loaded and stored together.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct Quad
{
    /// <summary>The first.</summary>
    public float X;

    /// <summary>The second.</summary>
    public float Y;

    /// <summary>The third.</summary>
    public float Z;

    /// <summary>The fourth.</summary>
    public float W;

    /// <summary>Puts four floats together.</summary>
    /// <param name="x">The first.</param>
    /// <param name="y">The second.</param>
    /// <param name="z">The third.</param>
    /// <param name="w">The fourth.</param>
    public Quad(float x, float y, float z, float w) => (X, Y, Z, W) = (x, y, z, w);
}
