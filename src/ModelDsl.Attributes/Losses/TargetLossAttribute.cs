namespace ModelDsl;

/// <summary>What the losses share that compare the output with a target of the same shape.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class TargetLossAttribute : Attribute
{
    private protected TargetLossAttribute()
    {
    }

    /// <summary>
    /// What the output is compared with: a target that comes with each sample, or, for an autoencoder, the model's input
    /// (<c>Target = Target.Input</c>).
    /// </summary>
    public Target Target { get; set; }
}
