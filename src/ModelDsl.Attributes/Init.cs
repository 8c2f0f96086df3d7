namespace ModelDsl;

/// <summary>
/// How fresh parameters are filled. For a weight of shape <c>[out, in]</c> fan-in is <c>in</c> and fan-out is <c>out</c>. The scale
/// <c>s</c> is
/// the layer's <c>InitScale</c>.
/// </summary>
public enum Init
{
    /// <summary>What suits the layer; each attribute says which it is.</summary>
    Default,

    /// <summary>All 0.</summary>
    Zeros,

    /// <summary>All 1.</summary>
    Ones,

    /// <summary>
    /// Uniform in ±s·√(6 / (fan-in + fan-out)), s = 1 when left out (Glorot and Bengio, 2010; Keras' default for dense layers).
    /// </summary>
    GlorotUniform,

    /// <summary>Normal with standard deviation s·√(2 / (fan-in + fan-out)), s = 1 when left out (Glorot and Bengio, 2010).</summary>
    GlorotNormal,

    /// <summary>Uniform in ±s·√(6 / fan-in), s = 1 when left out (He et al., 2015); suits Relu.</summary>
    HeUniform,

    /// <summary>Normal with standard deviation s·√(2 / fan-in), s = 1 when left out (He et al., 2015); suits Relu.</summary>
    HeNormal,

    /// <summary>Normal with mean 0 and standard deviation s, s = 0.05 when left out.</summary>
    Normal,

    /// <summary>Uniform in ±s, s = 0.05 when left out.</summary>
    Uniform,
}
