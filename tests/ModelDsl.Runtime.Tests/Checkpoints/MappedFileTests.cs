using System.Buffers.Binary;
using System.Text;
using ModelDsl.Checkpoints;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Checkpoints;

/// <summary>Weights are copied from the file to the model without an array between them.</summary>
public sealed class MappedFileTests : IDisposable
{
    private const int Count = 1 << 20;

    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl").FullName;

    private string Path => System.IO.Path.Combine(folder, "net.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Loading_allocates_less_memory_than_the_file_has()
    {
        using var saved = new FlatModel(Count);
        saved.Save(Path);
        using var model = new FlatModel(Count);
        model.Parameters["weight"].CopyFrom(new float[Count]);
        model.Load(Path);
        var before = GC.GetAllocatedBytesForCurrentThread();
        model.Load(Path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Count);
        Assert.Equal(saved.Parameters["weight"].ToArray(), model.Parameters["weight"].ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Values_that_begin_anywhere_are_read(int shift)
    {
        Write("""{"weight":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", shift, 1, 2, 3);
        using var model = new FlatModel(3);
        model.Load(Path);
        Assert.Equal([1f, 2, 3], model.Parameters["weight"].ToArray());
    }

    [Fact]
    public void A_loaded_model_needs_the_file_no_more()
    {
        Write("""{"weight":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", 0, 1, 2, 3);
        using var model = new FlatModel(3);
        model.Load(Path);
        using (var stream = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.None))
            stream.SetLength(0);
        File.Delete(Path);
        Assert.Equal([1f, 2, 3], model.Parameters["weight"].ToArray());
    }

    [Fact]
    public void A_file_that_becomes_shorter_before_its_values_are_read_is_an_error()
    {
        Write("""{"weight":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", 0, 1, 2, 3);
        using var file = SafetensorsFile.Open(Path);
        Shorten(Path);
        Assert.ThrowsAny<IOException>(() => new FlatModel(file, ("weight", [3], double.NaN)));
    }

    // Not a FileStream, whose locks other streams of .NET respect.
    private static void Shorten(string path)
    {
        using var process = System.Diagnostics.Process.Start("truncate", ["-s", "-4", path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private void Write(string header, int shift, params float[] values)
    {
        var bytes = Encoding.UTF8.GetBytes(header.PadRight(((header.Length + 7) / 8 * 8) + shift));
        var data = new byte[8 + bytes.Length + (4 * values.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(data, bytes.Length);
        bytes.CopyTo(data, 8);
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(8 + bytes.Length + (4 * i)), values[i]);
        File.WriteAllBytes(Path, data);
    }
}
