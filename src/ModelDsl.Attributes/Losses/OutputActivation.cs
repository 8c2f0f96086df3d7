namespace ModelDsl;

/// <summary>The activation that <c>Predict</c> applies to the raw outputs of a model with a custom loss.</summary>
public enum OutputActivation
{
    /// <summary>None: <c>Predict</c> returns the raw outputs.</summary>
    None,

    /// <summary>σ(y), for a loss on logits of independent binary decisions; <c>Predict</c> returns probabilities.</summary>
    Sigmoid,

    /// <summary>exp(y), for a loss on logarithms, such as logarithms of rates.</summary>
    Exp,
}
