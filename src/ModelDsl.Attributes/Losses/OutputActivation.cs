namespace ModelDsl;

/// <summary>What <c>Predict</c> makes of the raw values that a loss of your own works on.</summary>
public enum OutputActivation
{
    /// <summary>Nothing: <c>Predict</c> gives the raw values.</summary>
    None,

    /// <summary>σ(y), for a loss on logits of independent yes-or-no answers: probabilities.</summary>
    Sigmoid,

    /// <summary>exp(y), for a loss on logarithms, such as those of rates.</summary>
    Exp,
}
