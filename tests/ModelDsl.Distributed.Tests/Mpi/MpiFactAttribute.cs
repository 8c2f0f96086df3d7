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
    public MpiTheoryAttribute()
    {
        if (MpiJob.Installed.Length == 0)
            Skip = "There is no MPI: 'apt install openmpi-bin mpich'.";
    }
}
