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
}
