using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>A project may have its arithmetic checked for overflow. Generated kernels go through windows that begin before an image, and wrap around.</summary>
public class CheckedArithmeticTests
{
    private const string Models = """
        [Model, Input(3, 4, 3), Dense(4), ConvTranspose2D(3, 4, Stride = 2, Padding = Padding.Same), Flatten, Dense(2), MeanSquaredError] public partial class Transposed;
        [Model, Input(3, 2, 3), ConvTranspose2D(3, 3, Stride = 3, Dilation = 2, PaddingSize = 1), Flatten, Dense(2), MeanSquaredError] public partial class TransposedFar;
        [Model, Input(9, 7, 3), Conv2D(4, 3, Dilation = 2, Padding = Padding.Same), Flatten, Dense(2), MeanSquaredError] public partial class Dilated;
        [Model, Input(9, 7, 3), Conv2D(4, 3, Padding = Padding.Same), MaxPool2D(2), Dropout(0.4), Flatten, Dense(2), SoftmaxCrossEntropy] public partial class Pooled;
        """;

    [Fact]
    public void A_project_with_checked_arithmetic_computes_the_same()
    {
        var compilation = TestCompilation.Create(TestCompilation.WithoutWarnings, Models);
        using var library = ModelLibrary.Of(compilation.WithOptions(compilation.Options.WithOverflowChecks(true)));
        Failures.Collect(library.Names, name => ModelCheck.Run(library[name], 3));
    }

    [Fact]
    public void Every_kernel_of_such_a_project_says_that_it_wraps_around()
    {
        var compilation = TestCompilation.Create(TestCompilation.WithoutWarnings, Models);
        using var plain = ModelLibrary.Of(compilation);
        using var wrapping = ModelLibrary.Of(compilation.WithOptions(compilation.Options.WithOverflowChecks(true)));
        Assert.All(plain.Files, file => Assert.DoesNotContain("checked", file.Value, StringComparison.Ordinal));
        var programs = wrapping.Files.Where(file => file.Key.Count(symbol => symbol == '.') > 2).ToList();
        Assert.NotEmpty(programs);
        Assert.All(programs, file =>
        {
            var root = CSharpSyntaxTree.ParseText(file.Value).GetRoot();
            var kernels = root.DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.MethodDeclarationSyntax>()
                .Where(method => method.Body is { Statements.Count: > 0 } && method.ParameterList.ToString().Contains("float*", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(kernels);
            Assert.All(kernels, kernel => Assert.Equal(SyntaxKind.UncheckedStatement, Assert.Single(kernel.Body!.Statements).Kind()));
        });
    }
}
