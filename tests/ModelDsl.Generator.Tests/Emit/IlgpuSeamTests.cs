using System.Text.RegularExpressions;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>GPU kernels are written if a project references ILGPU, and change nothing else.</summary>
public partial class IlgpuSeamTests
{
    private const string Net = """
        namespace Company;
        [Block, LayerNorm, Dense(6), Gelu, Dropout(0.2), Dense(6)] partial class Inner;
        [Model, TokenInput(4, 9), Embedding(6), Residual<Inner>, Flatten, Dense(3), SoftmaxCrossEntropy] public partial class Net;
        """;

    /// <summary>What the compiler looks for in a reference to ModelDsl.Ilgpu.</summary>
    private const string Marker = "namespace ModelDsl.Ilgpu.Compiled { public abstract class IlgpuProgram; }";

    [Fact]
    public void Without_the_package_nothing_names_it()
    {
        var files = Generation.Of(Net).Files;
        Assert.All(files, file => Assert.DoesNotContain("Ilgpu", file.Key + file.Value, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void With_the_package_there_is_one_file_more_and_one_line_that_names_it()
    {
        var without = Generation.Of(Net).Files;
        var with = Generation.Of(Net, Marker).Files;
        Assert.Equal(["Company.Net.Ilgpu.g.cs"], with.Keys.Except(without.Keys));
        Assert.All(without, file =>
        {
            var more = with[file.Key].Split('\n').Except(file.Value.Split('\n')).ToArray();
            Assert.Equal(file.Key == "Company.Net.g.cs" ? 1 : 0, more.Length);
            Assert.All(more, line => Assert.Contains("IlgpuProgram", line, StringComparison.Ordinal));
            Assert.Equal(file.Value, more.Aggregate(with[file.Key], (text, line) => text.Replace(line + "\n", "", StringComparison.Ordinal)));
        });
    }

    [Fact]
    public void Every_kernel_says_what_it_computes_of_which_shape_and_how_threads_share_it()
    {
        var text = Generation.Of(Net, Marker).Files["Company.Net.Ilgpu.g.cs"];
        var kernels = Kernels().Matches(text);
        Assert.True(kernels.Count > 15, text);
        Assert.All(kernels, kernel =>
        {
            Assert.Matches(@"/// .* = .*", kernel.Groups[1].Value);
            Assert.Matches(@"\d+ threads|threads with", kernel.Groups[1].Value);
            Assert.True(kernel.Groups[2].Value.Contains("Sum", StringComparison.Ordinal) || kernel.Groups[1].Value.Contains("   [", StringComparison.Ordinal), kernel.Value);
        });
    }

    [GeneratedRegex(@"((?:[ \t]*///[^\n]*\n)+)(?:[ \t]*\[@ForCuda[^\n]*\n)?[ \t]*private static void (\w+)\(ArrayView")]
    private static partial Regex Kernels();

    [Fact]
    public void Kernels_hold_nothing_that_ILGPU_cannot_compile()
    {
        var text = Generation.Of(Net, Marker).Files["Company.Net.Ilgpu.g.cs"];
        Assert.All(
            (string[])["FusedMultiplyAdd", "MathF.Tanh", "MathF.Exp", "Math.Clamp", "Vector", "stackalloc", "throw", "try", "=> {", "Atomic"],
            forbidden => Assert.DoesNotContain(forbidden, text, StringComparison.Ordinal));
    }
}
