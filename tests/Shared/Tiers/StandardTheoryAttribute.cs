namespace ModelDsl.Tests.Shared;

/// <summary>A theory of the standard tier, which the fast tier leaves out.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StandardTheoryAttribute : TheoryAttribute
{
    public StandardTheoryAttribute()
    {
        if (TestScale.IsFast) Skip = StandardTier.Reason;
    }
}
