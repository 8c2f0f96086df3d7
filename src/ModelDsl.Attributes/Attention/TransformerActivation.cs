namespace ModelDsl;

/// <summary>The activation between the dense layers of a Transformer layer.</summary>
public enum TransformerActivation
{
    /// <summary><c>max(x, 0)</c>.</summary>
    Relu,

    /// <summary><c>x · Φ(x)</c>, with the error function.</summary>
    Gelu,

    /// <summary>The approximation of <see cref="Gelu"/> with tanh that GPT-2 uses.</summary>
    GeluTanh,

    /// <summary><c>x · sigmoid(x)</c>.</summary>
    Silu,
}
