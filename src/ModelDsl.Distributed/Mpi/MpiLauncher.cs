using System.Globalization;

namespace ModelDsl.Distributed.Mpi;

/// <summary>What the environment says about the launcher of this process.</summary>
/// <param name="Name">The name of the launcher, for messages.</param>
/// <param name="Ranks">The number of ranks.</param>
/// <param name="Kind">The MPI that the launcher belongs to; null if it works with any.</param>
internal sealed record MpiLauncher(string Name, int Ranks, MpiKind? Kind)
{
    /// <summary>Finds the launcher.</summary>
    /// <param name="variable">Returns the value of an environment variable.</param>
    /// <returns>The launcher; null if this process was started alone.</returns>
    /// <exception cref="InvalidOperationException">Slurm has started several tasks without MPI.</exception>
    public static MpiLauncher? Find(Func<string, string?> variable)
    {
        if (Number(variable("OMPI_COMM_WORLD_SIZE")) is { } open)
            return Several("Open MPI's mpirun", open, MpiKind.OpenMpi);

        // PMIx is the interface of Open MPI to Slurm; PMI that of MPICH to Slurm and to its own mpirun.
        var tasks = Number(variable("SLURM_NTASKS"));
        if (variable("PMIX_RANK") is not null && tasks is { } byPmix)
            return Several("srun", byPmix, MpiKind.OpenMpi);
        if (Number(variable("PMI_SIZE")) is { } mpich)
            return Several("MPICH's mpirun", mpich, OperatingSystem.IsWindows() ? MpiKind.MsMpi : MpiKind.Mpich);
        if (tasks > 1 && variable("SLURM_STEP_ID") is not null && variable("SLURM_PROCID") is not null)
        {
            throw new InvalidOperationException(
                $"srun has started {tasks} tasks that do not know each other: start them with 'srun --mpi=pmix' for Open MPI or 'srun --mpi=pmi2' for MPICH, or with mpirun in a job of Slurm.");
        }

        return null;
    }

    private static MpiLauncher? Several(string name, int ranks, MpiKind kind) => ranks > 1 ? new MpiLauncher(name, ranks, kind) : null;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>An implementation of MPI.</summary>
internal enum MpiKind
{
    /// <summary>Open MPI, whose handles are pointers.</summary>
    OpenMpi,

    /// <summary>MPICH and libraries with its binary interface, such as Intel MPI, whose handles are integers.</summary>
    Mpich,

    /// <summary>Microsoft MPI, whose handles are those of MPICH.</summary>
    MsMpi,
}
