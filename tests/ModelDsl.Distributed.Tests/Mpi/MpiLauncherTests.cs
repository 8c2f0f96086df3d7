using ModelDsl.Distributed.Mpi;

namespace ModelDsl.Distributed.Tests.Mpi;

public sealed class MpiLauncherTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE=4", 4, "OpenMpi")]
    [InlineData("PMI_SIZE=2", 2, "Mpich")]
    [InlineData("SLURM_NTASKS=16 SLURM_STEP_ID=0 SLURM_PROCID=3 PMIX_RANK=3", 16, "OpenMpi")]
    [InlineData("SLURM_NTASKS=16 SLURM_STEP_ID=0 SLURM_PROCID=3 PMI_SIZE=16", 16, "Mpich")]
    public void The_environment_names_the_launcher(string variables, int ranks, string kind)
    {
        if (OperatingSystem.IsWindows())
            return;
        var launcher = Find(variables);
        Assert.NotNull(launcher);
        Assert.Equal((ranks, kind), (launcher.Ranks, launcher.Kind.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("OMPI_COMM_WORLD_SIZE=1")]
    [InlineData("SLURM_NTASKS=4")]
    public void A_process_without_others_needs_no_library(string variables) => Assert.Null(Find(variables));

    [Fact]
    public void Tasks_of_Slurm_that_do_not_know_each_other_are_an_error() =>
        Assert.Contains("srun --mpi=pmix", Assert.Throws<InvalidOperationException>(() => Find("SLURM_NTASKS=4 SLURM_STEP_ID=0 SLURM_PROCID=1")).Message, StringComparison.Ordinal);

    private static MpiLauncher? Find(string variables)
    {
        var values = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static pair => pair.Split('=')).ToDictionary(static pair => pair[0], static pair => pair[1]);
        return MpiLauncher.Find(name => values.GetValueOrDefault(name));
    }
}
