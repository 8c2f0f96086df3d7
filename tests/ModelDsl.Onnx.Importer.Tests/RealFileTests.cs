using System.Reflection;

namespace ModelDsl.Onnx.Importer.Tests;

/// <summary>Files that other software has written, with all their weights: the same numbers as in ONNX Runtime.</summary>
public sealed class RealFileTests
{
    [Fact]
    public void ResNet_18_computes_what_ONNX_Runtime_computes()
    {
        var path = PathOf("ResNet18");
        var import = OnnxImport.Of(new ImportOptions { Path = path, Model = "ResNet18" });
        using var model = new ImportedProgram(import.Source).Create("ResNet18", import.Weights);
        var (count, height, width) = (2, 224, 224);
        var pictures = Numbers(count * 3 * height * width, 255);
        using var runtime = new OnnxRuntime(File.ReadAllBytes(path));
        var actual = ImportedProgram.Predict(model, [Layout.ChannelsLast(pictures, [count, 3, height, width])], count)[0];
        for (var sample = 0; sample < count; sample++)
        {
            var size = 3 * height * width;
            var expected = runtime.Run(new Dictionary<string, float[]> { ["Input247"] = pictures[(sample * size)..((sample + 1) * size)] }, new Dictionary<string, long[]> { ["Input247"] = [1, 3, height, width] });
            Close.Assert(expected[0], actual[(sample * 512)..((sample + 1) * 512)]);
        }
    }

    private static string PathOf(string name) => typeof(RealFileTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == name).Value!;

    private static float[] Numbers(int count, float range)
    {
        var random = new Random(5);
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = random.NextSingle() * range;
        return values;
    }
}
