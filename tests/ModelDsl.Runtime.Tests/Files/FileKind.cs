using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using ModelDsl.Checkpoints;
using ModelDsl.Images;
using ModelDsl.Runtime.Tests.Data.Images;
using ModelDsl.Runtime.Tests.Models;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Files;

/// <summary>A kind of files that users give.</summary>
/// <param name="Name">What tests call it, and the name of its file.</param>
/// <param name="Samples">Whole files.</param>
/// <param name="Read">Reads a file through the public API, to its last value.</param>
/// <param name="Documented">The exceptions that the documentation of the called member names, in addition to those of input and output.</param>
internal sealed record FileKind(string Name, byte[][] Samples, Action<string> Read, params Type[] Documented)
{
    private static readonly ImageReadOptions SmallPictures = new() { MostPixels = 1 << 18 };

    /// <summary>What is done to a damaged file: packed, or its checksums made right again, so that the damage gets past them.</summary>
    public Func<byte[], byte[]>? Finish { get; init; }

    /// <summary>Whether messages name the file; a text has no file of its own any more.</summary>
    public bool NamesFile { get; init; } = true;

    /// <summary>The greatest allocation: what a file of a kind may need at the least, and a multiple of its size.</summary>
    public long Allocation(long size) => (6 << 20) + (Finish is null ? 32 : 64) * size;

    public static FileKind[] All { get; } =
    [
        new("images.idx", [Idx(3), Idx(1)], static path => Drain(Dataset.FromIdx(path)), typeof(InvalidDataException)),
        new("images.idx.gz", [Idx(3)], static path => Drain(Dataset.FromIdx(path)), typeof(InvalidDataException)) { Finish = Gzip },
        new("table.csv", Tables(), ReadTable, typeof(InvalidDataException)),
        new("model.safetensors", [Checkpoint()], LoadCheckpoint, typeof(InvalidDataException), typeof(CheckpointMismatchException)),
        new("tensors.safetensors", [Checkpoint()], ReadTensors, typeof(InvalidDataException)),
        new("picture.png", Pngs(), ReadPicture, typeof(InvalidDataException)) { Finish = WithChecksums },
        new("picture.bmp", Bmps(), ReadPicture, typeof(InvalidDataException)),
        new("picture.jpg", Jpegs(), ReadPicture, typeof(InvalidDataException)),
        new("batch.bin", [Cifar()], static path => Drain(Cifar10.Read([path])), typeof(InvalidDataException)),
        new("batch.bin.gz", [Cifar()], static path => Drain(Cifar10.Read([path])), typeof(InvalidDataException)) { Finish = Gzip },
        new("cifar-10-binary.tar.gz", [Archive()], static path => Drain(Cifar10.Load(Path.GetDirectoryName(path)!).Train), typeof(InvalidDataException)) { Finish = Gzip },
        new("words.json", [Written(static path => WordTokenizer.FromTexts(["The cat, the dog", "größe 😀"]).Save(path))], static path => WordTokenizer.Load(path).Encode("the cat"), typeof(InvalidDataException)),
        new("characters.json", Characters(), static path => CharacterTokenizer.Load(path).Encode("the cat"), typeof(InvalidDataException)),
        new("book.txt", ["Call me Ishmael.\r\nSome years ago — never mind how long…"u8.ToArray()], ReadText, typeof(ArgumentException)) { NamesFile = false },
    ];

    private static void Drain(Dataset data)
    {
        foreach (var batch in data.Batches(4))
            GC.KeepAlive(batch);
    }

    private static void ReadTable(string path) => Drain(Dataset.FromCsv(path, new CsvOptions { Label = "kind", Targets = ["price"], Missing = 0 }));

    private static void LoadCheckpoint(string path)
    {
        using LinearModel model = ModelTests.Known();
        model.Load(path, new LoadOptions());
    }

    private static void ReadTensors(string path)
    {
        using var file = SafetensorsFile.Open(path);
        foreach (var entry in file.Entries.Where(static entry => entry.IsFloat))
            file.Read(entry, new float[entry.Shape.Aggregate(1L, static (product, extent) => product * extent)]);
    }

    private static void ReadPicture(string path) => Image.Read(path, SmallPictures);

    private static void ReadText(string path)
    {
        var text = TextCorpus.FromFiles(path).Text;
        CharacterTokenizer.FromCharacters(string.Concat(CharacterTokenizer.FromText(text).Characters.Order())).Encode(text);
        CharacterTokenizer.FromCharacters(text);
    }

    private static byte[] Idx(int dimensions) => dimensions == 3
        ? [0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 2, .. Enumerable.Range(0, 30).Select(static i => (byte)(8 * i))]
        : [0, 0, 8, 1, 0, 0, 0, 5, 0, 1, 2, 3, 4];

    private static byte[][] Tables() =>
    [
        "kind,size,\"width, in mm\",price\n0,1.5,2,10\n1,-3e2,,11.25\n2,7,\"1\",12\n"u8.ToArray(),
        "size;kind;price\r\n1;0;1\r\n\r\n2;1;2\r\n"u8.ToArray(),
    ];

    private static byte[][] Characters() =>
    [
        Written(static path => CharacterTokenizer.FromText("größe 😀").Save(path)),
        Written(static path => CharacterTokenizer.FromTexts(["The cat!"], new VocabularyOptions { Cleaning = TextCleaning.Default }).Save(path)),
    ];

    private static byte[] Checkpoint() => Written(static path =>
    {
        using LinearModel model = ModelTests.Known();
        model.Save(path);
    });

    private static byte[] Written(Action<string> write)
    {
        var path = Path.GetTempFileName();
        try
        {
            write(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[][] Pngs() =>
    [
        new Image(5, 4, 3).ToPng(),
        new PngBytes(7, 5, 3, 2) { Palette = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], Transparency = [7, 8], Interlaced = true, DataChunks = 3 }.File([.. Enumerable.Range(0, 35).Select(static i => (ushort)(i % 4))]),
        new PngBytes(3, 3, 6, 16) { Filter = static row => row % 5 }.File([.. Enumerable.Range(0, 36).Select(static i => (ushort)(i * 999))]),
        new PngBytes(9, 3, 0, 1) { Transparency = [0, 1] }.File([.. Enumerable.Range(0, 27).Select(static i => (ushort)(i % 2))]),
    ];

    private static byte[][] Bmps() =>
    [
        Bmp(3, 2, 24, 0, [], [3, 2, 1, 6, 5, 4, 9, 8, 7, 0, 0, 0, 13, 12, 11, 16, 15, 14, 19, 18, 17, 0, 0, 0]),
        Bmp(5, 1, 4, 0, [1, 2, 3, 0, 11, 12, 13, 0, 21, 22, 23, 0, 31, 32, 33, 0], [0x01, 0x23, 0x30, 0]),
        Bmp(4, 2, 8, 1, [1, 2, 3, 0, 11, 12, 13, 0], [3, 1, 0, 0, 0, 2, 1, 0, 0, 3, 1, 0, 1, 0, 0, 1]),
        Bmp(1, 1, 16, 3, [0x00, 0xF8, 0, 0, 0xE0, 0x07, 0, 0, 0x1F, 0, 0, 0], [0x12, 0x34, 0, 0]),
        [(byte)'B', (byte)'M', 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 12, 0, 0, 0, 2, 0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 11, 12, 13, 0b1000_0000, 0, 0, 0],
    ];

    private static byte[] Bmp(int width, int height, short bits, int compression, byte[] palette, byte[] pixels)
    {
        var file = new byte[54 + palette.Length + pixels.Length];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54 + palette.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), bits);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(30), compression);
        palette.CopyTo(file, 54);
        pixels.CopyTo(file, 54 + palette.Length);
        return file;
    }

    private static byte[][] Jpegs() => new JpegFactAttribute().Skip is not null ? []
        : [.. new[] { "rgb.jpg", "grey.jpg", "progressive.jpg", "cmyk.jpg" }.Select(static name => PictureVectors.FileOf(name).File)];

    private static byte[] Cifar()
    {
        var records = new byte[2 * 3073];
        new Random(1).NextBytes(records);
        (records[0], records[3073]) = (3, 9);
        return records;
    }

    private static byte[] Archive()
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            foreach (var name in (string[])["cifar-10-batches-bin/data_batch_1.bin", "cifar-10-batches-bin/test_batch.bin"])
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Cifar()) });
        }

        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    /// <summary>Makes the checksums of a PNG file's chunks right, as far as they can be found.</summary>
    private static byte[] WithChecksums(byte[] file)
    {
        for (var at = 8L; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            if (at + 12 + length > file.Length)
                break;
            var chunk = PngBytes.Chunk(Encoding.Latin1.GetString(file, (int)at + 4, 4), file.AsSpan((int)at + 8, (int)length));
            chunk.AsSpan(^4..).CopyTo(file.AsSpan((int)(at + 8 + length)));
            at += 12 + length;
        }

        return file;
    }
}
