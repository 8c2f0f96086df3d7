using System.Runtime.CompilerServices;
using System.Text;
using ModelDsl.Onnx.Importer.Operators;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Onnx.Importer.Tests.Conformance;

/// <summary>The test data of the ONNX standard, if it is on this machine (on Debian: <c>apt-get install libonnx-testdata</c>). A committed table has what came out for each operator.</summary>
public sealed class ConformanceTests
{
    private const string Data = "/usr/share/libonnx-testdata/data";

    [SkippableFact]
    public void Cases_of_the_standard_come_out_as_in_the_table()
    {
        var operators = OperatorTable.Names.Concat(["Constant", "ConstantOfShape", "Range"]).ToHashSet();
        List<NodeCase> cases = [.. new[] { "node", "simple", "pytorch-operator", "pytorch-converted" }.SelectMany(folder => NodeCase.In(Path.Combine(Data, folder))).Where(one => one.File.Graph.Node.All(node => operators.Contains(node.OpType)))];
        foreach (var one in cases) one.Read();
        foreach (var part in cases.Where(one => one.Import is not null).Chunk(64)) Run(part);
        var folder = Path.GetDirectoryName(Here())!;
        var (table, reasons) = (Table(cases), Reasons(cases));
        if (Environment.GetEnvironmentVariable("UPDATE_TABLES") == "1")
        {
            File.WriteAllText(Path.Combine(folder, "table.md"), table);
            File.WriteAllText(Path.Combine(folder, "reasons.txt"), reasons);
        }

        Assert.Equal(File.ReadAllText(Path.Combine(folder, "table.md")), table);
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "reasons.txt")), reasons);
    }

    private static void Run(NodeCase[] cases)
    {
        ImportedProgram program;
        try
        {
            program = new ImportedProgram([.. cases.Select(one => one.Import!.Source)]);
        }
        catch (Exception exception) when (exception is Xunit.Sdk.XunitException)
        {
            if (cases.Length == 1) cases[0].Fail(exception.Message);
            else foreach (var half in cases.Chunk((cases.Length + 1) / 2)) Run(half);
            return;
        }

        foreach (var one in cases) one.Run(program);
    }

    private static string Table(IEnumerable<NodeCase> cases)
    {
        var text = new StringBuilder("| operator | passed | failed | unsupported |\n|---|---|---|---|\n");
        foreach (var group in cases.GroupBy(one => one.Operator).OrderBy(group => group.Key, StringComparer.Ordinal))
            text.Append($"| {group.Key} | {Count(group, "passed")} | {Count(group, "failed")} | {Count(group, "unsupported")} |\n");
        return text.Append($"| **all** | {Count(cases, "passed")} | {Count(cases, "failed")} | {Count(cases, "unsupported")} |\n").ToString();

        static int Count(IEnumerable<NodeCase> some, string result) => some.Count(one => one.Result.StartsWith(result, StringComparison.Ordinal));
    }

    private static string Reasons(IEnumerable<NodeCase> cases) =>
        string.Concat(cases.Where(one => one.Result != "passed").OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => $"{one.Name}: {one.Result}\n"));

    private static string Here([CallerFilePath] string path = "") => path;

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SkippableFactAttribute : FactAttribute
    {
        public SkippableFactAttribute()
        {
            if (TestScale.IsFast) Skip = StandardTier.Reason;
            else if (!Directory.Exists(Data)) Skip = $"The test data of the ONNX standard is not in {Data}.";
        }
    }
}
