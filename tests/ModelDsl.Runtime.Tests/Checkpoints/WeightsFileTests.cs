using System.Runtime.CompilerServices;
using ModelDsl.Checkpoints;

namespace ModelDsl.Runtime.Tests.Checkpoints;

/// <summary>A model whose weights lie beside the program.</summary>
[Model(PredictionOnly = true), Weights("weighed.safetensors"), Input(4), Dense(2)]
public sealed partial class Weighed;

/// <summary>A model that takes a part of its weights from that file.</summary>
[Model, Weights("weighed.safetensors", FilePrefix = "dense1.", Prefix = "trunk.", AllowMissing = true), Input(4), Dense(2, Name = "trunk"), Dense(3), MeanSquaredError]
public sealed partial class PartlyWeighed;

/// <summary>The file that a model names, and the list of its tensors.</summary>
public sealed class WeightsFileTests : IDisposable
{
    private static readonly string Beside = Path.Combine(AppContext.BaseDirectory, "weighed.safetensors");

    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl-weights-").FullName;

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        File.Delete(Beside);
    }

    [Fact]
    public void Models_are_created_with_the_file_beside_the_program()
    {
        using var saved = new Weighed(seed: 3);
        saved.Save(Beside);

        using var model = Weighed.FromWeights();
        using var part = PartlyWeighed.FromWeights();

        Assert.Equal(saved.Predict([1, 2, 3, 4]), model.Predict([1, 2, 3, 4]));
        Assert.Equal(saved.Parameters["dense1.weight"].ToArray(), part.Parameters["trunk.weight"].ToArray());
    }

    [Fact]
    public void A_missing_file_is_an_error_that_says_how_to_copy_it()
    {
        var exception = Assert.Throws<FileNotFoundException>(() => Weighed.FromWeights());
        Assert.Equal($"The weights file '{Beside}' does not exist: add <ModelDslWeights Include=\"weighed.safetensors\" /> to the project, which copies it beside the program.", exception.Message);
        Assert.Throws<FileNotFoundException>(() => PartlyWeighed.FromWeights());
    }

    [Fact]
    public void The_list_of_a_saved_file_is_the_one_that_the_compiler_has_read()
    {
        using var model = new Weighed(seed: 1);
        var path = Path.Combine(folder, "weighed.safetensors");
        model.Save(path);
        SafetensorsFile.WriteTensorList(path);
        Assert.Equal(File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "weighed.safetensors.txt")).ReplaceLineEndings("\n"), File.ReadAllText(path + ".txt"));
    }

    [Fact]
    public void Scalars_and_other_types_are_listed()
    {
        var path = Path.Combine(folder, "other.safetensors");
        Write(path, """{"steps":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"w":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]}}""", 12);
        SafetensorsFile.WriteTensorList(path);
        Assert.Equal("# The tensors of other.safetensors: name, type and sizes, separated by tabs\nsteps\tI64\t\nw\tF16\t1,2\n", File.ReadAllText(path + ".txt"));
    }

    [Fact]
    public void A_name_that_a_list_cannot_contain_is_an_error()
    {
        var path = Path.Combine(folder, "tab.safetensors");
        Write(path, """{"a\tb":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1);
        Assert.Contains("a tab or a line break", Assert.Throws<InvalidDataException>(() => SafetensorsFile.WriteTensorList(path)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path + ".txt"));
    }

    private static void Write(string path, string header, int data)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write((long)header.Length);
        writer.Write(System.Text.Encoding.ASCII.GetBytes(header));
        writer.Write(new byte[data]);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
