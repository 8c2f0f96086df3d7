using ModelDsl.Distributed;
using ModelDsl.Distributed.Mpi;

namespace ModelDsl;

/// <summary>Joins the group of ranks that a launcher has started.</summary>
public static class CollectiveEnvironment
{
    /// <summary>Methods of the class <see cref="Collective"/>.</summary>
    extension(Collective)
    {
        /// <summary>
        /// Joins the group that <c>mpirun</c>, <c>srun</c> or a job of Kubeflow has started this process for, by the MPI library of the machine. Without a launcher, the group has this process as its only rank.
        /// Call it once per process, and dispose the group at the end.
        /// </summary>
        /// <exception cref="DllNotFoundException">There are several ranks, and no MPI library was found. The message says what to install.</exception>
        /// <exception cref="InvalidOperationException">The launcher does not belong to the MPI library, or this process has joined before.</exception>
        public static Collective FromEnvironment() => MpiLauncher.Find(Environment.GetEnvironmentVariable) is { } launcher ? MpiCollective.Join(launcher) : new SingleRank();
    }
}
