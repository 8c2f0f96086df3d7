using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Package.Tests;

/// <summary>What a debugger needs to step from a program into the generated code of its model: the text of each file, and the line of each statement.</summary>
public sealed class SteppingTests(FreshProject project) : IClassFixture<FreshProject>
{
    private const string Program = """
        using ModelDsl;

        using var model = new Small(seed: 1);
        Console.WriteLine(model.Predict(new float[3]).Length);

        [Model, Input(3), Dense(40), Gelu, Dense(2), MeanSquaredError]
        public sealed partial class Small;

        """;

    /// <summary>The kind of the debug information that holds the text of a file (Portable PDB format, "Embedded Source").</summary>
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [StandardTheory]
    [InlineData("-p:Optimize=false")]
    [InlineData("-p:Optimize=true")]
    public void Each_method_of_the_generated_code_has_the_lines_of_its_statements(string optimize)
    {
        var build = project.Build(Program, optimize);
        Assert.True(build.ExitCode == 0, build.Output);
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(project.ReadSymbols()));
        var pdb = symbols.GetMetadataReader();
        var texts = pdb.Documents.Where(handle => pdb.GetString(pdb.GetDocument(handle).Name).Contains("Small.", StringComparison.Ordinal)).ToDictionary(handle => handle, handle => TextOf(pdb, handle).Split('\n'));
        Assert.Contains(texts.Keys, handle => pdb.GetString(pdb.GetDocument(handle).Name).EndsWith("Small.Steps.g.cs", StringComparison.Ordinal));

        var starts = new Dictionary<DocumentHandle, HashSet<int>>();
        foreach (var handle in pdb.MethodDebugInformation)
        {
            foreach (var point in pdb.GetMethodDebugInformation(handle).GetSequencePoints().Where(point => !point.IsHidden && texts.ContainsKey(point.Document)))
            {
                if (!starts.TryGetValue(point.Document, out var lines)) starts.Add(point.Document, lines = []);
                lines.Add(point.StartLine);
            }
        }

        // A statement of a kernel stores into memory, declares a variable, or calls another kernel.
        foreach (var (document, text) in texts.Where(pair => pair.Value.Any(line => line.Contains("float* ", StringComparison.Ordinal))))
        {
            var statements = Enumerable.Range(1, text.Length).Where(line => text[line - 1].TrimStart() is var code && (code.StartsWith("var ", StringComparison.Ordinal) || code.Contains(".Store(", StringComparison.Ordinal)) && code.TrimEnd().EndsWith(';')
                && !code.StartsWith("static abstract", StringComparison.Ordinal));
            Assert.NotEmpty(statements);
            Assert.Empty(statements.Where(line => !starts[document].Contains(line)).Select(line => text[line - 1]));
        }
    }

    private static string TextOf(MetadataReader pdb, DocumentHandle document)
    {
        var information = pdb.GetCustomDebugInformation(document).Select(pdb.GetCustomDebugInformation).Single(information => pdb.GetGuid(information.Kind) == EmbeddedSource);
        var blob = pdb.GetBlobBytes(information.Value);

        // Four bytes with the length of the text, zero where it is not compressed.
        if (BitConverter.ToInt32(blob) == 0) return Encoding.UTF8.GetString(blob.AsSpan(4));
        using var text = new StreamReader(new DeflateStream(new MemoryStream(blob, 4, blob.Length - 4), CompressionMode.Decompress));
        return text.ReadToEnd();
    }
}
