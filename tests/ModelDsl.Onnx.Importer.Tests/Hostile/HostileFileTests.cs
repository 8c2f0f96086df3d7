using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Onnx.Schema;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Onnx.Importer.Tests.Hostile;

/// <summary>Damaged and hostile files of all operators: each is one clear error or a model, in little time and memory, and no file outside the folder is read.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const int Shares = 4;

    /// <summary>A number of the file outside, which no weight may have.</summary>
    private const float Secret = 12345.678f;

    private const long MostBytes = 1L << 30;

    /// <summary>The number of models of a share that are compiled.</summary>
    private const int Compiled = 5;

    /// <summary>At least one of this many files is a model, so that what is tested is not the refusal of all files.</summary>
    private const int FilesOfModel = 20;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    private static readonly int Count = TestScale.Of("hostile ONNX files", 500);

    private readonly string outside = Directory.CreateTempSubdirectory("modeldsl-hostile").FullName;

    public static TheoryData<int> ShareIndices => [.. Enumerable.Range(0, Shares)];

    public void Dispose() => Directory.Delete(outside, recursive: true);

    [Theory]
    [MemberData(nameof(ShareIndices))]
    public void Every_file_is_one_error_or_a_model(int share)
    {
        var folder = Prepared();
        ModelProto[] files = [.. ResultTests.Graphs];
        var (failures, models) = (new List<string>(), new List<string>());
        for (var number = share; number < Count; number += Shares)
        {
            var seed = ((TestScale.Seed - 1) * 1_000_000) + number;
            var random = new Random(seed);
            var path = Path.Combine(folder, "net.onnx");
            var bytes = Mutations.Of(files[random.Next(files.Length)], random);
            File.WriteAllBytes(path, bytes);
            var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
            if (Problem(path, $"Net{number}", random, models) is { } problem) failures.Add($"file {number}: {problem}");
            if (watch.Elapsed > MostTime) failures.Add($"file {number}: it takes {watch.Elapsed.TotalSeconds:F1} s");
            if (GC.GetAllocatedBytesForCurrentThread() - before is > MostBytes and var allocated) failures.Add($"file {number}: it needs {allocated:N0} bytes");
        }

        Assert.True(failures.Count == 0, $"{TestScale.Described}: {failures.Count} of {Count / Shares}\n{string.Join("\n\n", failures.Take(20))}");
        Assert.True(models.Count * FilesOfModel >= Count / Shares, $"{TestScale.Described}: only {models.Count} of {Count / Shares} files are models.");
        _ = new ImportedProgram([.. models.Take(Compiled)]);
    }

    /// <summary>Returns what is wrong with the result of an import; null if nothing is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The name of its model.</param>
    /// <param name="random">Chooses options.</param>
    /// <param name="models">Gets the source of the model if the file is imported.</param>
    private static string? Problem(string path, string model, Random random, List<string> models)
    {
        try
        {
            var import = OnnxImport.Of(new ImportOptions { Path = path, Model = model, Batch = random.Next(4) switch { 0 => 0, 1 => -1, _ => null } });
            foreach (var weight in import.Weights)
            {
                var values = weight.Values();
                if (values.LongLength != weight.Shape.Aggregate(1L, (product, size) => product * size)) return $"the weight {weight.Name} has {values.Length} numbers";
                if (values.Contains(Secret)) return $"the weight {weight.Name} has numbers of a file outside";
            }

            if (import.DataFiles.FirstOrDefault(file => !file.StartsWith(Path.GetDirectoryName(path)! + Path.DirectorySeparatorChar, StringComparison.Ordinal)) is { } other) return $"it depends on {other}";
            var mistakes = CSharpSyntaxTree.ParseText(import.Source).GetDiagnostics().ToList();
            models.Add(import.Source);
            return mistakes.Count == 0 ? null : $"{mistakes[0]}\n{import.Source}";
        }
        catch (ImportException exception)
        {
            return exception.Code.StartsWith("MDSLONNX", StringComparison.Ordinal) && exception.Message.Length is > 10 and <= 2001 ? null : $"the message is '{exception.Message[..Math.Min(200, exception.Message.Length)]}…'";
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }

    /// <summary>Creates the folder of the file, with a file beside it, and links to a file outside.</summary>
    private string Prepared()
    {
        var folder = Directory.CreateDirectory(Path.Combine(outside, "project")).FullName;
        var secret = Path.Combine(outside, "secret.bin");
        File.WriteAllBytes(secret, MemoryMarshal.AsBytes(Enumerable.Repeat(Secret, 4096).ToArray().AsSpan()).ToArray());
        File.WriteAllBytes(Path.Combine(folder, "near.bin"), new byte[4096]);
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), secret);
        Directory.CreateSymbolicLink(Path.Combine(folder, "linked"), outside);
        return folder;
    }
}
