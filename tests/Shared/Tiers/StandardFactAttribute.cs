namespace ModelDsl.Tests.Shared;

/// <summary>A test of the standard tier, which the fast tier leaves out, because it takes long and others try what matters most of it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StandardFactAttribute : FactAttribute
{
    public StandardFactAttribute()
    {
        if (TestScale.IsFast) Skip = StandardTier.Reason;
    }
}
