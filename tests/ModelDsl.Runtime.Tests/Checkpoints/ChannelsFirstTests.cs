using System.Buffers.Binary;
using System.Text.Json;

namespace ModelDsl.Runtime.Tests.Checkpoints;

/// <summary>Files of PyTorch in which flattened pictures have their channels first: tests/vectors/channels_first.py.</summary>
public sealed class ChannelsFirstTests : IDisposable
{
    private static readonly JsonElement Vectors =
        JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "vectors", "channels_first.json"))).RootElement;

    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl").FullName;

    private string Path => System.IO.Path.Combine(folder, "net.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_flattened_picture_of_PyTorch_gives_PyTorchs_output()
    {
        Save("picture");
        using var model = new FlattenedPicture();
        model.Load(Path, new LoadOptions { PermuteChannelsFirst = true });
        AssertOutput("picture", model.Predict(Numbers("picture", "input")));
    }

    [Fact]
    public void A_flattened_sequence_of_PyTorch_gives_PyTorchs_output()
    {
        Save("sequence");
        using var model = new FlattenedSequence();
        model.Load(Path, new LoadOptions { PermuteChannelsFirst = true });
        AssertOutput("sequence", model.Predict(Numbers("sequence", "input")));
    }

    [Fact]
    public void A_file_that_does_not_say_in_which_order_it_is_is_not_loaded()
    {
        Save("picture");
        using var model = new FlattenedPicture();
        var before = model.Parameters["fc.weight"].ToArray();
        var message = Assert.Throws<CheckpointMismatchException>(() => model.Load(Path)).Message;
        Assert.Contains("'fc.weight' works on a flattened picture [4, 3, 3], channels last, but a file of PyTorch", message, StringComparison.Ordinal);
        Assert.Contains("'norm.running_mean'", message, StringComparison.Ordinal);
        Assert.DoesNotContain("'fc.bias'", message, StringComparison.Ordinal);
        Assert.Contains("PermuteChannelsFirst = true", message, StringComparison.Ordinal);
        Assert.Equal(before, model.Parameters["fc.weight"].ToArray());
        Assert.Throws<CheckpointMismatchException>(() => FlattenedPicture.FromFile(Path));
    }

    [Fact]
    public void A_file_with_channels_last_is_taken_as_it_is_when_the_options_say_so()
    {
        Save("picture");
        using var model = new FlattenedPicture();
        model.Load(Path, new LoadOptions { PermuteChannelsFirst = false });
        Assert.Equal(Numbers(Vectors.GetProperty("picture").GetProperty("state").GetProperty("fc.weight").GetProperty("values")), model.Parameters["fc.weight"].ToArray());
    }

    [Fact]
    public void A_file_written_here_needs_no_option()
    {
        using var model = new FlattenedPicture(seed: 3);
        model.Save(Path);
        using var again = FlattenedPicture.FromFile(Path);
        Assert.Equal(model.Parameters["fc.weight"].ToArray(), again.Parameters["fc.weight"].ToArray());
    }

    [Fact]
    public void What_is_no_flattened_picture_is_never_permuted()
    {
        using var model = new Unflattened(seed: 3);
        model.Save(Path);
        using var again = new Unflattened(seed: 4);
        again.Load(Path, new LoadOptions { PermuteChannelsFirst = true });
        foreach (var parameter in model.Parameters)
            Assert.Equal(parameter.ToArray(), again.Parameters[parameter.Name].ToArray());
    }

    private void Save(string network)
    {
        var header = new Dictionary<string, object>();
        using var data = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        foreach (var tensor in Vectors.GetProperty(network).GetProperty("state").EnumerateObject())
        {
            var begin = data.Position;
            foreach (var value in Numbers(tensor.Value.GetProperty("values")))
            {
                BinaryPrimitives.WriteSingleLittleEndian(number, value);
                data.Write(number);
            }

            header.Add(tensor.Name, new { dtype = "F32", shape = tensor.Value.GetProperty("shape"), data_offsets = new[] { begin, data.Position } });
        }

        var text = JsonSerializer.SerializeToUtf8Bytes(header);
        using var file = File.Create(Path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        file.Write(length);
        file.Write(text);
        file.Write(data.ToArray());
    }

    private static void AssertOutput(string network, float[] actual)
    {
        var expected = Numbers(network, "output");
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    private static float[] Numbers(string network, string name) => Numbers(Vectors.GetProperty(network).GetProperty(name));

    private static float[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(static number => number.GetSingle())];
}

[Model, Input(6, 5, 2), Conv2D(3, 3, Name = "conv"), Relu, Flatten, BatchNorm(Name = "norm"), Dropout(0.5), Dense(4, Name = "fc"), MeanSquaredError]
internal sealed partial class FlattenedPicture;

[Model, Input(7, 2), Conv1D(3, 3, Name = "conv"), Relu, Flatten, BatchNorm(Name = "norm"), Dense(4, Name = "fc"), MeanSquaredError]
internal sealed partial class FlattenedSequence;

[Model, Input(4, 3), Dense(2), Flatten, Dense(5), Relu, Dense(8), Reshape(2, 2, 2), Conv2D(1, 1), Flatten, Dense(2), MeanSquaredError]
internal sealed partial class Unflattened;
