namespace ModelDsl.Benchmarks.Gpu.Predictions;

/// <summary>A launch of a kernel with its arguments.</summary>
/// <param name="Name">The name of the kernel.</param>
/// <param name="Text">Its PTX.</param>
/// <param name="SharedBytes">The size of its shared memory.</param>
/// <param name="Groups">The number of groups.</param>
/// <param name="Threads">The number of threads of a group.</param>
/// <param name="Arguments">The bytes of its arguments.</param>
internal sealed record KernelLaunch(string Name, string Text, int SharedBytes, int Groups, int Threads, byte[] Arguments);
