using ModelDsl.Tests.Shared;

namespace ModelDsl.Distributed.Tests.Mpi;

/// <summary>A test that needs an MPI on the machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MpiFactAttribute : FactAttribute
{
    public MpiFactAttribute()
    {
        if (MpiJob.Installed.Length == 0)
            Skip = "There is no MPI: 'apt install openmpi-bin mpich'.";
    }
}

/// <summary>A test that runs once for each MPI on the machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MpiTheoryAttribute : TheoryAttribute
{
    /// <param name="isStandard">Whether the fast tier leaves it out.</param>
    public MpiTheoryAttribute(bool isStandard = false)
    {
        if (isStandard && TestScale.IsFast)
            Skip = StandardTier.Reason;
        else if (MpiJob.Installed.Length == 0)
            Skip = "There is no MPI: 'apt install openmpi-bin mpich'.";
    }
}
