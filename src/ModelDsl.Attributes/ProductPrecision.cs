namespace ModelDsl;

/// <summary>How exact the products of matrices and of convolutions are on a GPU. Everything else, and every sum, is 32-bit float in any case.</summary>
public enum ProductPrecision
{
    /// <summary>The 32-bit floats that are stored.</summary>
    Float32,

    /// <summary>
    /// TF32: factors are rounded to 10 bits behind the point, a relative error of at most 2⁻¹¹, before they are multiplied on the tensor cores of an NVIDIA
    /// GPU (compute capability 8.0 and later). Their exponents are those of floats, so nothing overflows. On all other devices it is as
    /// <see cref="Float32"/>.
    /// </summary>
    Tf32,
}
