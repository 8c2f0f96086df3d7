using ModelDsl.Package.Tests;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>A test of the standard tier that needs the repository around it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RepositoryFactAttribute : FactAttribute
{
    public RepositoryFactAttribute()
    {
        if (TestScale.IsFast)
            Skip = StandardTier.Reason;
        else if (FreshProject.RepositoryRoot() is null)
            Skip = "These tests were copied out of the repository, and need what lies in it.";
    }
}
