using System.Diagnostics;
using System.IO.Pipes;
using ModelDsl.Images;
using ModelDsl.Runtime.Tests.Data;
using ModelDsl.Runtime.Tests.Models;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Files;

/// <summary>Files are written completely or not at all, without temporary files left, and links stay links.</summary>
public sealed class OutputFileTests : IDisposable
{
    private const string Leftover = ".0123456789abcdef0123456789abcdef.modeldsl.tmp";

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Writers => ["model", "picture"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Writers))]
    public void What_a_killed_process_left_behind_is_deleted_by_the_next_save(string writer)
    {
        var leftover = folder.Write("out" + Leftover, "half a file");
        var other = folder.Write("out.tmp", "somebody else's");
        Save(writer, At("out"));
        Assert.False(File.Exists(leftover));
        Assert.Equal([At("out"), other], Directory.GetFiles(folder.Path).Order());
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void What_another_writer_is_writing_is_left_alone(string writer)
    {
        var path = At("out" + Leftover);
        using (var living = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete))
        {
            Save(writer, At("out"));
            Assert.True(File.Exists(path));
        }
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_link_stays_a_link_and_its_target_is_replaced(string writer)
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(At("store"));
        var target = folder.Write("store/real", "old");
        File.CreateSymbolicLink(At("second"), "store/real");
        File.CreateSymbolicLink(At("first"), "second");
        Save(writer, At("first"));
        Assert.Equal("second", new FileInfo(At("first")).LinkTarget);
        Assert.True(new FileInfo(target).Length > 3);
        Assert.Equal([target], Directory.GetFiles(At("store")));

        // A link to a file that is not there yet makes the file.
        File.Delete(target);
        Save(writer, At("first"));
        Assert.True(File.Exists(target));
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_device_is_written_to_and_stays_one(string writer)
    {
        if (!OperatingSystem.IsLinux())
            return;
        File.CreateSymbolicLink(At("nothing"), "/dev/null");
        Save(writer, At("nothing"));
        Assert.Equal("/dev/null", new FileInfo(At("nothing")).LinkTarget);
        using var opened = File.OpenRead("/dev/null");
        Assert.Equal(-1, opened.ReadByte());
        Assert.DoesNotContain(Directory.GetFiles("/dev"), static name => name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void An_open_pipe_is_written_to_by_its_number()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var reading = new AnonymousPipeServerStream(PipeDirection.In);
        using (var writing = new AnonymousPipeClientStream(PipeDirection.Out, reading.ClientSafePipeHandle))
            Save("model", $"/proc/self/fd/{writing.SafePipeHandle.DangerousGetHandle()}");
        Save("model", At("file"));
        var expected = File.ReadAllBytes(At("file"));
        var read = new byte[expected.Length];
        reading.ReadExactly(read);
        Assert.Equal(expected, read);
    }

    [Fact]
    public async Task A_pipe_gets_the_whole_file()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using (var make = Process.Start("mkfifo", [At("pipe")]))
            await make.WaitForExitAsync();
        var read = Task.Run(() => File.ReadAllBytes(At("pipe")));
        Save("model", At("pipe"));
        Save("model", At("file"));
        Assert.Equal(File.ReadAllBytes(At("file")), await read);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_folder_in_place_of_a_file_is_said_to_be_one(string writer)
    {
        var message = Assert.Throws<IOException>(() => Save(writer, folder.Path)).Message;
        Assert.Contains($"'{folder.Path}' is a folder", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_folder_that_is_not_there_is_named(string writer)
    {
        var message = Assert.Throws<DirectoryNotFoundException>(() => Save(writer, At("no/such/out"))).Message;
        Assert.Contains($"the folder '{At("no/such")}' does not exist", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_folder_that_may_not_be_written_to_is_an_error_of_input_and_output(string writer)
    {
        // The superuser may write anywhere but into the kernel's own folders.
        if (!OperatingSystem.IsLinux())
            return;
        var closed = Directory.CreateDirectory(At("closed")).FullName;
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var denied = Environment.IsPrivilegedProcess ? "/sys" : closed;
        var message = Assert.Throws<IOException>(() => Save(writer, Path.Combine(denied, "out"))).Message;
        Assert.Contains($"'{Path.Combine(denied, "out")}' cannot be written", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        var path = folder.Write("out", "old");
        Assert.Throws<InvalidOperationException>(() => ModelDsl.Files.OutputFile.Write(path, static stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_replaced_file_keeps_its_permissions()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = folder.Write("out", "old");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Save("model", path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    private string At(string name) => Path.Combine(folder.Path, name);

    private static void Save(string writer, string path)
    {
        if (writer == "picture")
        {
            new Image(3, 2, 3).SavePng(path);
            return;
        }

        using LinearModel model = ModelTests.Known();
        model.Save(path);
    }
}
