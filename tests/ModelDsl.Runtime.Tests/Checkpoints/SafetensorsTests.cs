using System.Buffers.Binary;
using System.Text;
using ModelDsl.Checkpoints;
using ModelDsl.Runtime.Tests.Models;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl").FullName;

    private string Path => System.IO.Path.Combine(folder, "net.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_model_comes_back_as_it_was_saved()
    {
        using var model = ModelTests.Known();
        model.Save(Path);
        model.Save(Path);
        Assert.Equal([Path], Directory.GetFiles(folder));
        using var again = LinearModel.FromFile(Path);
        foreach (var parameter in model.Parameters)
            Assert.Equal(parameter.ToArray(), again.Parameters[parameter.Name].ToArray());
        Assert.Equal(model.Predict([1f, 2, 3]), again.Predict([1f, 2, 3]));
    }

    [Fact]
    public void The_file_is_as_the_format_says()
    {
        using var model = ModelTests.Known();
        model.Save(Path);
        var bytes = File.ReadAllBytes(Path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """
            {"__metadata__":{"format":"pt","model":"LinearModel"},"dense1.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"dense1.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]},"scale":{"dtype":"F32","shape":[],"data_offsets":[32,36]}}
            """,
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd());
        Assert.Equal(8 + length + 36, bytes.Length);
        for (var i = 0; i < 6; i++)
            Assert.Equal(i + 1f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + length + (4 * i))));

        using var file = SafetensorsFile.Open(Path);
        Assert.Equal("LinearModel", file.Metadata["model"]);
        Assert.Equal(3, file.Entries.Count);
    }

    [Fact]
    public void Other_float_types_are_converted()
    {
        var data = new byte[16 + 4 + 4 + 8];
        BinaryPrimitives.WriteDoubleLittleEndian(data, 1.5);
        BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(8), -2);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(16), (Half)0.25f);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(18), Half.PositiveInfinity);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(20), 0x3FC0);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(22), 0xC000);
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(24), 7);
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(28), 8);
        Write(
            """
            {"d":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"h":{"dtype":"F16","shape":[2],"data_offsets":[16,20]},
            "b":{"dtype":"BF16","shape":[2],"data_offsets":[20,24]},"f":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}}
            """,
            data);
        using var model = Flat("d", "h", "b", "f");
        var report = model.Load(Path);
        Assert.Equal(["d", "h", "b"], report.Converted);
        Assert.Equal([1.5f, -2, 0.25f, float.PositiveInfinity, 1.5f, -2, 7, 8], model.Parameters.SelectMany(p => p.ToArray()));
    }

    [Fact]
    public void All_differences_are_listed_and_nothing_changes()
    {
        Write(
            """
            {"dense1.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},"dense1.bias":{"dtype":"I32","shape":[2],"data_offsets":[24,32]},
            "dense2.bias":{"dtype":"F32","shape":[1],"data_offsets":[32,36]}}
            """,
            new byte[36]);
        using var model = ModelTests.Known();
        var message = Assert.Throws<CheckpointMismatchException>(() => model.Load(Path)).Message;
        Assert.Contains("'dense1.weight' is [3, 2] in the file, but [2, 3] in the model", message, StringComparison.Ordinal);
        Assert.Contains("transpose those of frameworks that save [in, out]", message, StringComparison.Ordinal);
        Assert.Contains("'dense1.bias' has type I32", message, StringComparison.Ordinal);
        Assert.Contains("'scale' is missing in the file", message, StringComparison.Ordinal);
        Assert.Contains("'dense2.bias' is in the file, but not in the model", message, StringComparison.Ordinal);
        Assert.Equal(6f, model.Parameters["dense1.weight"][1, 2]);
        Assert.Throws<CheckpointMismatchException>(() => LinearModel.FromFile(Path));
    }

    [Fact]
    public void Parts_move_between_models_by_prefixes()
    {
        using var trunk = Flat("a", "b");
        trunk.Save(Path);
        using var whole = Flat("trunk.a", "trunk.b", "head");
        var head = whole.Parameters["head"].ToArray();
        var report = whole.Load(Path, new LoadOptions { Prefix = "trunk.", AllowMissing = true });
        Assert.Equal(["trunk.a", "trunk.b"], report.Loaded);
        Assert.Equal(["head"], report.Missing);
        Assert.Equal(trunk.Parameters["b"].ToArray(), whole.Parameters["trunk.b"].ToArray());
        Assert.Equal(head, whole.Parameters["head"].ToArray());

        whole.Parameters["trunk.a"].CopyFrom([5, 6]);
        whole.Save(Path);
        Assert.Equal(2, trunk.Load(Path, new LoadOptions { FilePrefix = "trunk." }).Loaded.Count);
        Assert.Equal([5f, 6], trunk.Parameters["a"].ToArray());

        using var part = Flat("head");
        Assert.Equal(["trunk.a", "trunk.b"], part.Load(Path, new LoadOptions { AllowUnexpected = true }).Unexpected);
        Assert.Throws<CheckpointMismatchException>(() => part.Load(Path));
    }

    [Fact]
    public void A_part_of_another_shape_keeps_its_values_when_that_is_allowed()
    {
        using var old = new FlatModel(Device.Cpu, [("trunk", [2], double.NaN), ("head", [3], double.NaN)]);
        using var model = new FlatModel(Device.Cpu, [("trunk", [2], double.NaN), ("head", [4], double.NaN)]);
        old.Save(Path);
        var head = model.Parameters["head"].ToArray();
        var refused = Assert.Throws<CheckpointMismatchException>(() => model.Load(Path)).Message;
        Assert.Contains("'head' is [3] in the file, but [4] in the model", refused, StringComparison.Ordinal);
        Assert.Contains("AllowMismatched = true", refused, StringComparison.Ordinal);

        var report = model.Load(Path, new LoadOptions { AllowMismatched = true });
        Assert.Equal(["trunk"], report.Loaded);
        Assert.Equal(("head", 4, 3L), (report.Mismatched[0].Name, report.Mismatched[0].InModel[0], report.Mismatched[0].InFile[0]));
        Assert.Equal(head, model.Parameters["head"].ToArray());
        Assert.Equal("1 loaded (0 converted), 0 missing, 0 unexpected, 1 of another shape", report.ToString());
    }

    [Theory]
    [InlineData("a b", "trunk.a trunk.b head", "did you mean Prefix = \"trunk.\"? With AllowMissing = true for the rest")]
    [InlineData("trunk.a trunk.b head", "a b", "did you mean FilePrefix = \"trunk.\"?")]
    [InlineData("a x", "a b y", "keep the values of parameters that the file lacks with AllowMissing = true; ignore tensors that the model lacks with AllowUnexpected = true.")]
    public void A_refusal_says_what_to_do(string file, string model, string advice)
    {
        using var saved = Flat(file.Split(' '));
        saved.Save(Path);
        using var other = Flat(model.Split(' '));
        Assert.Contains($"\nWhat to do: {advice}", Assert.Throws<CheckpointMismatchException>(() => other.Load(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_that_fits_nothing_is_never_silent()
    {
        using var trunk = Flat("a", "b");
        trunk.Save(Path);
        using var whole = Flat("trunk.a", "trunk.b");
        var options = new LoadOptions { Prefix = "trnk.", AllowMissing = true, AllowUnexpected = true, AllowMismatched = true };
        var message = Assert.Throws<CheckpointMismatchException>(() => whole.Load(Path, options)).Message;
        Assert.Contains("none of its 2 tensors has the name of a parameter", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file_and_nothing_beside()
    {
        using var model = ModelTests.Known();
        var target = System.IO.Path.Combine(folder, "folder");
        Directory.CreateDirectory(System.IO.Path.Combine(target, "inside"));
        Assert.ThrowsAny<Exception>(() => model.Save(target));
        Assert.Empty(Directory.GetFiles(folder));
        Assert.Throws<FileNotFoundException>(() => model.Load(Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("{}{}")]
    [InlineData("{\"w\":1}")]
    [InlineData("{\"w\":{}}")]
    [InlineData("{\"w\":null}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"w\":{\"dtype\":7,\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[3000000000,3000000000,3000000000],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9223372036854775807,0],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"v\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"__metadata__\":{\"a\":1},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")]
    public void Damaged_headers_are_refused(string header)
    {
        Write(header, new byte[8]);
        using var model = Flat("w");
        Assert.Contains(Path, Assert.Throws<InvalidDataException>(() => model.Load(Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x7FFFFFFFFFFFFFFFL)]
    [InlineData(-1L)]
    [InlineData(100_000_001L)]
    [InlineData(1000L)]
    [InlineData(90_000_000L)]
    public void Impossible_header_lengths_allocate_nothing(long length)
    {
        var bytes = new byte[100];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        File.WriteAllBytes(Path, bytes);
        using var model = Flat("w");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => model.Load(Path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused_and_damage_never_crashes()
    {
        using var model = ModelTests.Known();
        model.Save(Path);
        var bytes = File.ReadAllBytes(Path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(Path, bytes[..length]);
            Assert.Throws<InvalidDataException>(() => model.Load(Path));
        }

        var random = new System.Random(5);
        for (var i = 0; i < 500; i++)
        {
            var damaged = bytes.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(Path, damaged);
            try
            {
                model.Load(Path);
            }
            catch (Exception exception) when (exception is InvalidDataException or CheckpointMismatchException)
            {
                // What a damaged file is expected to give, unless only values were hit.
            }
        }
    }

    private static FlatModel Flat(params string[] names) =>
        new(Device.Cpu, [.. names.Select(name => (name, new[] { 2 }, double.NaN))]);

    private void Write(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + text.Length);
        File.WriteAllBytes(Path, bytes);
    }
}
