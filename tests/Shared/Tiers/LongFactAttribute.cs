namespace ModelDsl.Tests.Shared;

/// <summary>A test of the long tier alone, because it takes long and others try the same with smaller models.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        if (!TestScale.IsLong) Skip = "A test of the long tier: .ci/run --long, or MODELDSL_TEST_SCALE=20.";
    }
}
