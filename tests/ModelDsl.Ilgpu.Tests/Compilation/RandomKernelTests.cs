namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>Random models, those that the kernels of the CPU are compared with: every kernel compiles to PTX and to OpenCL C.</summary>
public class RandomKernelTests
{
    /// <summary>Models of one compilation.</summary>
    private const int Together = 10;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 4).Select(chunk => chunk * Together)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Kernels_of_random_models_compile(int first)
    {
        var failures = new List<string>();
        foreach (var (name, kernel) in RandomKernels.Of(first, Together))
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
