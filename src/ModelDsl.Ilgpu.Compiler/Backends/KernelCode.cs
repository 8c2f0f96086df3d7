namespace ModelDsl.Ilgpu.Compiler.Backends;

/// <summary>The code of a kernel.</summary>
/// <param name="Entry">The name of its function.</param>
/// <param name="SharedBytes">The size of its shared memory.</param>
/// <param name="Ptx">The PTX by the names of architectures. One that lacks tensor cores has no code of kernels that use them. Kernels that CUDA does not launch have none.</param>
/// <param name="OpenCl">The OpenCL C; null for kernels that use tensor cores or that only CUDA launches.</param>
internal sealed record KernelCode(string Entry, int SharedBytes, IReadOnlyDictionary<string, string> Ptx, string? OpenCl);
