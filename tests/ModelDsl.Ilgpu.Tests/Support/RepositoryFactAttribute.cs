using ModelDsl.Package.Tests;

namespace ModelDsl.Ilgpu.Tests.Support;

/// <summary>A test that needs the repository around it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RepositoryFactAttribute : FactAttribute
{
    public RepositoryFactAttribute()
    {
        if (FreshProject.RepositoryRoot() is null)
            Skip = "These tests were copied out of the repository, and need what lies in it.";
    }
}
