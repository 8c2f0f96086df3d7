using ModelDsl.Generator.Tests.Generated;
using ModelDsl.Generator.Tests.Networks;
using ModelDsl.Ilgpu.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>The models that the kernels of the CPU are tested on, and well-known networks: every kernel compiles to PTX and to OpenCL C.</summary>
public class CorpusKernelTests
{
    public static TheoryData<int> Shares => [.. Enumerable.Range(0, CorpusKernels.ShareCount)];

    [Theory]
    [MemberData(nameof(Shares))]
    public void Kernels_compile(int share) => Check(CorpusKernels.OfShare(share));

    [LongFact]
    public void Kernels_of_well_known_networks_compile() => Check(GeneratedModels.Of(ImageNetworks.Blocks, ImageNetworks.Narrow));

    private static void Check(GeneratedModels models)
    {
        Assert.True(models.Kernels.Count > 20, $"Only {models.Kernels.Count} kernels.");
        Failures.Collect(models.Kernels.Keys, name =>
        {
            if (KnownKernels.IsFor(models.Kernels[name], 0))
                KernelCompiler.CheckPtx(KernelCompiler.ToPtx(models.Kernels[name]));
            if (KnownKernels.IsFor(models.Kernels[name], 1))
                Assert.Contains("kernel void", KernelCompiler.ToOpenCl(models.Kernels[name]), StringComparison.Ordinal);
        });
    }
}
