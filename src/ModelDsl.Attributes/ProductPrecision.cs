namespace ModelDsl;

/// <summary>The precision of the products in matrix products and convolutions on a GPU. All other operations, and all sums, use 32-bit floats.</summary>
public enum ProductPrecision
{
    /// <summary>32-bit floats, as stored.</summary>
    Float32,

    /// <summary>
    /// TF32: factors are rounded to 10 fraction bits, a relative error of at most 2⁻¹¹, before they are multiplied on the tensor cores of an NVIDIA
    /// GPU (compute capability 8.0 and later). They have the exponent range of floats, so nothing overflows. On all other devices it is equivalent to
    /// <see cref="Float32"/>.
    /// </summary>
    Tf32,
}
