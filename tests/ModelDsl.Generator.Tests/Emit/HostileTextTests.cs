using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Emit;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Emit;

/// <summary>Text in attributes is anything a string can hold. None of it leaves the comment or the literal that it is written into.</summary>
public class HostileTextTests
{
    private static readonly string[] Texts =
    [
        "a\nint escaped;", "a\r\nint escaped;", "a\rint escaped;", "*/ int escaped; /*", "</summary> int escaped;", "\"; int escaped; //", "a\u2028int escaped;",
        "a\u2029int escaped;", "a\u0085int escaped;", "\\", "\\\"", "\0", "\ud800", "\udc00x", "{0}", "$\"{int escaped}\"", "#error escaped", "\n#error escaped", "a\u000bint escaped;",
        "a\u000cint escaped;", "\"\"\"", "//", "///", "]]>", "&#10;int escaped;", "\ufeff", "\u202eint escaped;", new('x', 5000),
    ];

    public static TheoryData<string> Places =>
    [
        "[Model, Input(4), Activation({0}), Dense(2), MeanSquaredError] partial class Net;",
        "[Model, Input(4), Dense(2, Name = {0}), MeanSquaredError] partial class Net;",
        "[Model, Input(4, Name = {0}), Dense(2), MeanSquaredError] partial class Net;",
        "[Model, TokenInput(4, 3, Name = {0}), Embedding(2), Dense(2), MeanSquaredError] partial class Net;",
        "[Model, Input(4), Dense(2), Loss({0})] partial class Net;",
        "[Model, Input(4), Apply<B>({0}), Dense(2), MeanSquaredError] partial class Net; [Block] partial class B(string text) { Tensor Forward(Tensor x) => text.Length > 3 ? x.Dense(3) : x.Dense(2); }",
        "[Model, Input(4), Repeat<B>(2, {0}), Dense(2), MeanSquaredError] partial class Net; [Block] partial class B(string text) { Tensor Forward(Tensor x) => x.Dense(4, name: text); }",
        "[Model, Input(4), Residual<B>(Name = {0}), Dense(2), MeanSquaredError] partial class Net; [Block, Dense(4)] partial class B;",
        "[Model, MeanSquaredError] partial class Net { Tensor Forward([Input(3, Name = {0})] Tensor x) => x.Dense(2); }",
        "[Model, Input(3), MeanSquaredError] partial class Net { Tensor Forward(Tensor x) => x.Dense(2, name: {0}); }",
        "[Model, Input(3)] partial class Net { Tensor Forward(Tensor x) => x.Dense(2); [Loss(Trains = {0})] Tensor L(Tensor output) => output.Sum(); }",
        "[Model, Input(3), MeanSquaredError] partial class Net { [Weight(3, Name = {0})] partial Tensor W { get; } Tensor Forward(Tensor x) => x * W; }",
    ];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Text_in_an_attribute_stays_where_it_belongs(string place)
    {
        var sources = Texts.Select((text, index) =>
            $"namespace N{index} {{ {place.Replace("{0}", SymbolDisplay.FormatLiteral(text, quote: true), StringComparison.Ordinal)} }}").ToArray();
        var inGenerated = (await Expect.Report(sources, widths: Widths.OneOf(place.Length))).Where(found => found.Location.SourceTree?.FilePath.StartsWith("Test", StringComparison.Ordinal) != true).ToList();
        Assert.True(inGenerated.Count == 0, string.Join('\n', inGenerated));

        var files = Generation.Of(sources).Files;
        Assert.Contains(files, file => file.Key.StartsWith("N0.", StringComparison.Ordinal));
        Assert.All(files, file =>
        {
            var root = CSharpSyntaxTree.ParseText(file.Value).GetRoot();
            Assert.DoesNotContain(root.DescendantTokens(), token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == "escaped");
            Assert.DoesNotContain(root.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        });
    }

    [Fact]
    public async Task A_message_is_one_line_whatever_it_quotes()
    {
        var found = await Expect.Report(["[Model, Input(4), Activation(\"a\\nb\\u2028\"), Dense(2), MeanSquaredError] partial class Net;"]);
        Assert.Contains(@"'a\nb\u2028'", Assert.Single(found).GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_kind_of_text_is_one_line_and_reads_back()
    {
        foreach (var text in Texts)
        {
            Assert.DoesNotContain(Printable.Line(text), symbol => char.IsControl(symbol) || symbol is '\u2028' or '\u2029');
            var tree = CSharpSyntaxTree.ParseText($"{Comments.Line(text)}\n/// <summary>{Comments.Xml(text)}</summary>\nclass C {{ const string Text = {Literals.Text(text)}; }}");
            Assert.Empty(tree.GetDiagnostics());
            var literal = tree.GetRoot().DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.LiteralExpressionSyntax>().Single();
            Assert.Equal(text, literal.Token.ValueText);
        }
    }
}
