using System.Diagnostics;

namespace ModelDsl.Distributed.Tests.Mpi;

public sealed class WithoutMpiTests
{
    [Fact]
    public async Task Several_ranks_without_a_library_are_told_what_to_install()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(MpiJob).Assembly.Location, "train"]) { RedirectStandardOutput = true };
        start.Environment["OMPI_COMM_WORLD_SIZE"] = "2";
        start.Environment["MODELDSL_MPI"] = "libnone.so";
        using var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        await process.WaitForExitAsync();
        Assert.StartsWith("error Open MPI's mpirun has started this process as one of 2 ranks, but no MPI library was found; looked for libnone.so. Install one: 'apt install openmpi-bin'", line, StringComparison.Ordinal);
    }
}
