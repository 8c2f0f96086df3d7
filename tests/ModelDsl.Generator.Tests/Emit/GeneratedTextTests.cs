using System.Globalization;
using System.Text.RegularExpressions;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>What people read: the same text on every machine, explained, and no longer than its models are.</summary>
public partial class GeneratedTextTests
{
    private const string Net = """
        namespace Company;
        [Block, LayerNorm, Dense(12), Gelu, Dropout(0.25), Dense(6)] partial class Inner;
        [Model, Input(7), Dense(6, Init = Init.Uniform), Activation(nameof(Swish)), Residual<Inner>, Dense(3), Huber(Delta = 0.1)] public partial class Net
        {
            private static float Swish(float x) => x / (1.5f + MathF.Exp(-0.3f * x));
        }
        """;

    private const int MostBytesOfQuickStart = 450_000;

    [Fact]
    public void Two_runs_give_the_same_text()
    {
        var files = Generation.Of(Net).Files;
        Assert.Contains("Company.Net.Avx512.g.cs", files.Keys);
        Assert.Equal(files, Generation.Of(Net).Files);
    }

    [Fact]
    public void The_users_language_changes_no_text()
    {
        var expected = Generation.Of(Net).Files;
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            // Tests may run without data of cultures: what matters is how numbers would be written.
            var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            foreign.NumberFormat.NumberDecimalSeparator = ",";
            foreign.NumberFormat.NumberGroupSeparator = ".";
            foreign.NumberFormat.NegativeSign = "−";
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = foreign;
            Assert.Equal("−1,5", (-1.5).ToString("0.0", null));
            Assert.Equal(expected, Generation.Of(Net).Files);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }

    [Fact]
    public void Lines_end_with_line_feeds_and_hold_no_tabs_or_spaces_at_their_ends()
    {
        Assert.All(Generation.Of(Net).Files, file =>
        {
            Assert.DoesNotContain('\r', file.Value);
            Assert.DoesNotContain('\t', file.Value);
            Assert.EndsWith("}\n", file.Value, StringComparison.Ordinal);
            Assert.DoesNotContain(file.Value.Split('\n'), line => line.EndsWith(' '));
        });
    }

    [Fact]
    public void Line_ends_of_the_users_files_change_no_text() =>
        Assert.Equal(Generation.Of(Net).Files, Generation.Of(Net.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal)).Files);

    [Fact]
    public void Every_kernel_says_its_formula_and_its_layers()
    {
        var text = Programs(Generation.Of(Net), "Company.Net");
        var kernels = Kernel().Matches(text);
        Assert.True(kernels.Count > 5, $"{kernels.Count} kernels");
        Assert.All(kernels, kernel =>
        {
            var comment = string.Join('\n', text[..kernel.Index].TrimEnd().Split('\n').Reverse().TakeWhile(line => line.TrimStart().StartsWith('/') || line.TrimStart().StartsWith('[')).Reverse());
            Assert.Matches(@"(?s)<summary>.*( = | in registers)", comment);
        });
    }

    [Fact]
    public void A_block_that_is_repeated_is_written_once()
    {
        static string Stack(int copies) => $"""
            [Block, LayerNorm, Dense(24), Gelu, Dense(8)] partial class Inner;
            [Block, Residual<Inner>] partial class Outer;
            [Model, Input(8), Repeat<Outer>({copies}), Dense(3), SoftmaxCrossEntropy] public partial class Net;
            """;
        var two = Kernel().Count(Programs(Generation.Of(Stack(2)), "Net"));
        var twelve = Kernel().Count(Programs(Generation.Of(Stack(12)), "Net"));

        // Copies at the ends may have neighbours of their own.
        Assert.InRange(twelve, two, two + 4);
    }

    /// <summary>The text of a GPT with its sessions: a change that makes it longer is seen here.</summary>
    [Fact]
    public void The_text_of_the_quick_start_does_not_grow()
    {
        var model = File.ReadAllText(Path.Combine(Documentation.Page.Root, "samples", "QuickStart", "CharModel.cs"));
        var bytes = Generation.Of(model).Files.Values.Sum(System.Text.Encoding.UTF8.GetByteCount);
        Assert.InRange(bytes, 1, MostBytesOfQuickStart);
    }

    [Fact]
    public void A_kernel_for_fewer_positions_is_that_for_all_of_them()
    {
        const string Writer = "[Model, Generates, TokenInput(72, 16), Embedding(32), Dense(48), Relu, Dense(16), SoftmaxCrossEntropy] public partial class Writer;";
        var text = Generation.Of(Writer).Files["Writer.Steps.g.cs"];
        var calls = Call().Matches(text).Select(call => (Method: call.Groups[1].Value, Rows: call.Groups[2].Value)).ToLookup(call => call.Rows, call => call.Method);
        Assert.Subset(calls["n * 72"].ToHashSet(), calls["n * 24"].ToHashSet());
        Assert.Equal(2, calls["n * 24"].Count());
    }

    /// <summary>The program of a model for 512-bit registers: what it has in common with other widths, and its own.</summary>
    private static string Programs(Generation generation, string model) => generation.Files[$"{model}.Steps.g.cs"] + generation.Files[$"{model}.Avx512.g.cs"];

    [GeneratedRegex(@"(\w+)\([^;]*(n \* \d+), worker\);")]
    private static partial Regex Call();

    [GeneratedRegex(@"^ *(private static|protected abstract) void \w+[<(]", RegexOptions.Multiline)]
    private static partial Regex Kernel();
}
