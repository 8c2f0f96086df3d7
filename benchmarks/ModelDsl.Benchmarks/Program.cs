using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ModelDsl.Benchmarks.Generation;
using ModelDsl.Benchmarks.Scaling;
using ModelDsl.Benchmarks.Steps;

// `step`, `decode` and `epoch` print one line of JSON, `phases` one per phase of a step, `text` one per network, `scaling` a table; anything else is BenchmarkDotNet's.
if (args is ["step" or "phases" or "decode" or "text" or "epoch" or "scaling", ..])
{
    var root = new RootCommand("Measures models.") { StepCommand.Create(), PhaseCommand.Create(), DecodeCommand.Create(), TextCommand.Create(), EpochCommand.Create(), ScalingCommand.Create() };
    return root.Parse(args).Invoke();
}

// In this process: the repository's settings do not suit the projects that BenchmarkDotNet would generate.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
var summaries = BenchmarkSwitcher.FromAssembly(typeof(StepCommand).Assembly).Run(args, config);
return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
