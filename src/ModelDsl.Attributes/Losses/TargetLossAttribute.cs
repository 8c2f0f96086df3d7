namespace ModelDsl;

/// <summary>The base class of losses that compare the output with a target of the same shape.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class TargetLossAttribute : Attribute
{
    private protected TargetLossAttribute()
    {
    }

    /// <summary>
    /// What the output is compared with: a target in the data or, for an autoencoder, the model's input
    /// (<c>Target = Target.Input</c>).
    /// </summary>
    public Target Target { get; set; }

    /// <summary>
    /// Whether the samples have weights. A batch then has one more column, <c>weight</c>, with one number per sample that is not negative, and the loss is
    /// <c>Σ w·l / Σ w</c>. If all weights of a batch are 0, the loss is 0, and so are its gradients. Metrics do not use the weights.
    /// </summary>
    public bool SampleWeights { get; set; }
}
