using ModelDsl.Generator.Tests.Networks;
using ModelDsl.Generator.Tests.Oracles;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Random models and well-known networks, those that the kernels of the CPU are compared with: every kernel compiles to PTX and to OpenCL C.</summary>
public class RandomKernelTests
{
    /// <summary>Models of one compilation.</summary>
    private const int Together = 10;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 4).Select(chunk => chunk * Together)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Kernels_of_random_models_compile(int first) => Check([.. Enumerable.Range(first, Together).Select(seed => RandomModels.Valid(seed).Source)]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Kernels_of_random_images_compile(int first) => Check([.. Enumerable.Range(first, Together).Select(seed => RandomImages.Valid(seed).Source)]);

    [Fact]
    public void Kernels_of_well_known_networks_compile() => Check(ImageNetworks.Blocks, ImageNetworks.Narrow);

    private static void Check(params string[] sources)
    {
        var kernels = RandomKernels.Of(sources);
        Assert.True(kernels.Count > 5 * Together, $"Only {kernels.Count} kernels.");
        var failures = new List<string>();
        foreach (var (name, kernel) in kernels)
        {
            try
            {
                KernelCompiler.CheckPtx(KernelCompiler.ToPtx(kernel));
                Assert.Contains("kernel void", KernelCompiler.ToOpenCl(kernel), StringComparison.Ordinal);
            }
            catch (Exception exception)
            {
                failures.Add($"{name}: {exception.GetType().Name}: {exception.Message}");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
