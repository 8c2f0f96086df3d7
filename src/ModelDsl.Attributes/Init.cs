namespace ModelDsl;

/// <summary>
/// The initial values of parameters. For a weight of shape <c>[out, in]</c>, fan-in is <c>in</c> and fan-out is <c>out</c>. The scale <c>s</c> is the layer's
/// <c>InitScale</c>.
/// </summary>
public enum Init
{
    /// <summary>The default of the layer, which each attribute documents.</summary>
    Default,

    /// <summary>All 0.</summary>
    Zeros,

    /// <summary>All 1.</summary>
    Ones,

    /// <summary>
    /// Uniform in ±s·√(6 / (fan-in + fan-out)), where s is 1 by default (Glorot and Bengio, 2010; the default of Keras for dense layers).
    /// </summary>
    GlorotUniform,

    /// <summary>Normal with standard deviation s·√(2 / (fan-in + fan-out)), where s is 1 by default (Glorot and Bengio, 2010).</summary>
    GlorotNormal,

    /// <summary>Uniform in ±s·√(6 / fan-in), where s is 1 by default (He et al., 2015); suits Relu.</summary>
    HeUniform,

    /// <summary>Normal with standard deviation s·√(2 / fan-in), where s is 1 by default (He et al., 2015); suits Relu.</summary>
    HeNormal,

    /// <summary>Normal with mean 0 and standard deviation s, where s is 0.05 by default.</summary>
    Normal,

    /// <summary>Uniform in ±s, where s is 0.05 by default.</summary>
    Uniform,
}
