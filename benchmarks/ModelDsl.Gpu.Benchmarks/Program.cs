using System.CommandLine;
using ModelDsl.Benchmarks.Gpu;

var root = new RootCommand("Measures models on a GPU.") { GpuStepCommand.Create(), KernelsCommand.Create() };
return root.Parse(args).Invoke();
