using System.IO.Compression;
using System.Text;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Checkpoints;

/// <summary>Files of other frameworks are recognized by their contents, independent of their names.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl").FullName;

    private string Path => System.IO.Path.Combine(folder, "weights.bin");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("archive/data.pkl archive/data/0", "torch.load(\"weights.bin\"", "save_file({name: t.contiguous()")]
    [InlineData("net/data.pkl net/constants.pkl net/code/net.py", "torch.jit.load(\"weights.bin\"", "\"weights.safetensors\"")]
    [InlineData("metadata.json config.json model.weights.h5", "keras.models.load_model(\"weights.bin\")", "numpy.moveaxis")]
    [InlineData("a.npy b.npy", "dict(numpy.load(\"weights.bin\"))", "from safetensors.numpy import save_file")]
    [InlineData("model.safetensors", "It is a ZIP archive", "unpack it")]
    public void An_archive_is_told_by_its_entries(string entries, string one, string two)
    {
        using (var zip = ZipFile.Open(Path, ZipArchiveMode.Create))
        {
            foreach (var entry in entries.Split(' '))
            {
                using var stream = zip.CreateEntry(entry).Open();
                stream.Write("content"u8);
            }
        }

        Refused(one, two);
    }

    public static TheoryData<byte[], string, string> Files => new()
    {
        { [0x80, 0x02, 0x8A, 0x0A, .. "l and more of the pickle"u8], "older versions of PyTorch", "torch.load(" },
        { [0x89, .. "HDF\r\n\u001A\n and more of the file"u8], "an HDF5 file", "keras" },
        { [0x93, .. "NUMPY\u0001\0v\0{'descr'"u8], "an array of NumPy", "numpy.load(" },
        { [0x08, 0x07, 0x12, 0x07, .. "pytorch\u001A\u00051.13.1"u8], "an ONNX model", "onnx.load(" },
        { [.. "version https://git-lfs.github.com/spec/v1\noid sha256:00"u8], "a pointer of Git LFS", "git lfs pull" },
        { [.. "GGUF\u0003\0\0\0\u0001\0\0\0"u8], "a GGUF file", "safetensors" },
        { [.. "\n<!DOCTYPE html><html>"u8], "a page in HTML", "download" },
        { [.. "{\"metadata\": {\"total_size\": 1}}"u8], "the index of weights in several files", "AllowMissing" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_told_by_its_first_bytes(byte[] content, string one, string two)
    {
        File.WriteAllBytes(Path, content);
        Refused(one, two);
    }

    [Fact]
    public void A_damaged_archive_and_an_unknown_file_are_refused_all_the_same()
    {
        File.WriteAllBytes(Path, Encoding.ASCII.GetBytes("PK\u0003\u0004 and no more"));
        Refused("It is a ZIP archive", Path);
        File.WriteAllBytes(Path, [.. Enumerable.Range(1, 100).Select(i => (byte)(i * 37))]);
        Refused("no safetensors file", Path);
    }

    private void Refused(string one, string two)
    {
        using var model = new FlatModel(4);
        var message = Assert.Throws<InvalidDataException>(() => model.Load(Path)).Message;
        Assert.Contains(one, message, StringComparison.Ordinal);
        Assert.Contains(two, message, StringComparison.Ordinal);
    }
}
