using ModelDsl.Checkpoints;
using ModelDsl.Images;
using ModelDsl.Runtime.Tests.Data;

namespace ModelDsl.Runtime.Tests.Files;

/// <summary>Files that cannot be opened: the documented exception, with the path and what to do.</summary>
public sealed class InputFileTests
{
    public static TheoryData<string> Readers => [.. All.Keys];

    private static readonly Dictionary<string, Action<string>> All = new()
    {
        ["idx"] = static path => IdxFile.Read(path),
        ["safetensors"] = static path => SafetensorsFile.Open(path).Dispose(),
        ["picture"] = static path => Image.Read(path),
        ["cifar"] = static path => Cifar10.Read([path]),
        ["csv"] = static path => Dataset.FromCsv(path, new CsvOptions { Label = "label" }),
    };

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_folder_in_place_of_a_file_is_said_to_be_one(string reader)
    {
        using var folder = new TemporaryFolder();
        var message = Assert.Throws<IOException>(() => All[reader](folder.Path)).Message;
        Assert.Contains($"'{folder.Path}' is a folder", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_file_that_may_not_be_read_is_an_error_of_input_and_output(string reader)
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;
        using var folder = new TemporaryFolder();
        var path = folder.Write("closed", "text");
        File.SetUnixFileMode(path, UnixFileMode.None);
        var message = Assert.Throws<IOException>(() => All[reader](path)).Message;
        Assert.Contains($"'{path}' cannot be read", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_file_that_is_not_there_is_named(string reader)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "nothing");
        Assert.Contains(path, Assert.Throws<FileNotFoundException>(() => All[reader](path)).Message, StringComparison.Ordinal);
    }
}
