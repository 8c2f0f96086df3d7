using System.CommandLine;
using ModelDsl.Benchmarks.Gpu;
using ModelDsl.Benchmarks.Gpu.Launches;
using ModelDsl.Benchmarks.Gpu.Session;

var root = new RootCommand("Measures models on a GPU.")
{
    SessionCommand.Create(), AboutCommand.Create(), CheckCommand.Create(), GpuStepCommand.Create(), ProductCommand.Create(), LaunchesCommand.Create(), KernelsCommand.Create(),
};
return root.Parse(args).Invoke();
