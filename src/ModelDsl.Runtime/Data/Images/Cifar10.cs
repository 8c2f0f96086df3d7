using System.IO.Compression;
using ModelDsl.Files;

namespace ModelDsl.Images;

/// <summary>
/// The CIFAR-10 data set: 60,000 color images of 32 × 32 pixels in ten classes (Krizhevsky 2009), in the "binary version": records of a label byte and 3,072 bytes, which are
/// the red, green and blue planes.
/// </summary>
public static class Cifar10
{
    private const int Side = 32, Planes = 3, PlaneBytes = Side * Side, RecordBytes = 1 + (Planes * PlaneBytes);

    // Eight times the size of the data set. It limits the memory that a small compressed file can take.
    private const int MostRecords = 500_000;

    /// <summary>The names of the classes.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Reads batch files, plain or compressed with gzip, into one dataset.</summary>
    /// <param name="files">The files, in the order of the samples.</param>
    /// <param name="scale">The factor of each byte; 1/255, the default, gives values in [0, 1].</param>
    /// <returns>Images of the shape [32, 32, 3], with labels.</returns>
    /// <exception cref="InvalidDataException">A file is damaged, its length is not a multiple of the record length, or it has a label above 9; the message contains its name.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Dataset Read(IReadOnlyList<string> files, float scale = 1f / 255)
    {
        ArgumentNullException.ThrowIfNull(files);
        var records = new Records();
        foreach (var file in files)
        {
            using var stream = InputFile.Open(file);
            records.AddBatch(stream, file);
        }

        return records.ToDataset(scale);
    }

    /// <summary>
    /// Reads the training and test batches of a folder: <c>data_batch_1.bin</c> and so on and <c>test_batch.bin</c>, plain or with <c>.gz</c>, in the folder or in its subfolder
    /// <c>cifar-10-batches-bin</c>, or the archive <c>cifar-10-binary.tar.gz</c>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="scale">The factor of each byte; 1/255, the default, gives values in [0, 1].</param>
    /// <exception cref="FileNotFoundException">The files do not exist.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message contains its name.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static (Dataset Train, Dataset Test) Load(string folder, float scale = 1f / 255)
    {
        ArgumentNullException.ThrowIfNull(folder);
        foreach (var path in new[] { folder, Path.Combine(folder, "cifar-10-batches-bin") })
        {
            string[] train = [.. Enumerable.Range(1, 5).Select(number => Find(path, $"data_batch_{number}.bin")).OfType<string>()];
            if (train.Length > 0 && Find(path, "test_batch.bin") is { } test)
                return (Read(train, scale), Read([test], scale));
        }

        var archive = Path.Combine(folder, "cifar-10-binary.tar.gz");
        return File.Exists(archive)
            ? ReadArchive(archive, scale)
            : throw new FileNotFoundException(
                $"{folder}: has neither data_batch_1.bin (to 5) and test_batch.bin, with or without .gz, nor cifar-10-binary.tar.gz.", archive);
    }

    private static string? Find(string folder, string name)
    {
        string[] candidates = [Path.Combine(folder, name), Path.Combine(folder, name + ".gz")];
        return candidates.FirstOrDefault(File.Exists);
    }

    private static (Dataset Train, Dataset Test) ReadArchive(string path, float scale)
    {
        var (train, test) = (new Records(), new Records());
        try
        {
            using var file = InputFile.Open(path);
            using var gzip = new GZipStream(file, CompressionMode.Decompress);
            var tar = new TarFiles(gzip);
            while (tar.MoveNext())
            {
                var name = Path.GetFileName(tar.Name);
                var records = name == "test_batch.bin" ? test : name.StartsWith("data_batch_", StringComparison.Ordinal) ? train : null;
                records?.AddRecords(tar.Read, $"{path}: {tar.Name}");
            }
        }
        catch (InvalidDataException exception) when (!exception.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: the archive is damaged or cut short ({exception.Message})", exception);
        }

        return train.Count > 0 && test.Count > 0
            ? (train.ToDataset(scale), test.ToDataset(scale))
            : throw new InvalidDataException($"{path}: has no data_batch_….bin, or no test_batch.bin.");
    }

    /// <summary>The images that were read, with interleaved channels.</summary>
    private sealed class Records
    {
        private readonly List<int> labels = [];
        private readonly byte[] record = new byte[RecordBytes];
        private byte[] pixels = [];

        public int Count => labels.Count;

        public void AddBatch(FileStream file, string name)
        {
            var zipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            if (!zipped)
            {
                AddRecords(file, name);
                return;
            }

            using var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            try
            {
                AddRecords(gzip, name);
            }
            catch (InvalidDataException exception) when (!exception.Message.StartsWith(name, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"{name}: the gzip data is damaged or cut short ({exception.Message})", exception);
            }
        }

        public void AddRecords(Stream stream, string name) =>
            AddRecords(target => stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false), name);

        /// <param name="read">Reads the requested number of bytes, or all remaining bytes.</param>
        /// <param name="name">The name of the file in error messages.</param>
        public void AddRecords(Func<Span<byte>, int> read, string name)
        {
            for (var number = 0; ; number++)
            {
                var count = read(record);
                if (count == 0 && number > 0)
                    return;
                if (count < RecordBytes)
                {
                    throw new InvalidDataException(
                        $"{name}: ends {count} bytes into record {number}; a record has {RecordBytes} bytes. Is it the binary version of CIFAR-10?");
                }

                if (record[0] >= ClassNames.Count)
                    throw new InvalidDataException($"{name}: record {number} has the label {record[0]}; the last class is {ClassNames.Count - 1}. Is it the binary version of CIFAR-10?");
                if (Count == MostRecords)
                    throw new InvalidDataException($"{name}: there are more than {MostRecords:N0} pictures.");
                Add();
            }
        }

        public Dataset ToDataset(float scale) => Dataset.FromColumns(
            DataColumn.Bytes("input", pixels.AsMemory(0, Count * Planes * PlaneBytes), scale, Side, Side, Planes), DataColumn.Ints("label", labels.ToArray()));

        private void Add()
        {
            var start = Count * Planes * PlaneBytes;
            if (start == pixels.Length)
                Array.Resize(ref pixels, Math.Max(1024 * Planes * PlaneBytes, 2 * pixels.Length));
            for (var plane = 0; plane < Planes; plane++)
            {
                for (var i = 0; i < PlaneBytes; i++)
                    pixels[start + (i * Planes) + plane] = record[1 + (plane * PlaneBytes) + i];
            }

            labels.Add(record[0]);
        }
    }
}
