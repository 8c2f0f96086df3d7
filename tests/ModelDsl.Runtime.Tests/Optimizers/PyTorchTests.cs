using System.Text.Json;
using ModelDsl.Runtime.Tests.Support;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Runtime.Tests.Optimizers;

/// <summary>Optimizers against the values PyTorch gave: tests/vectors/optimizers.py.</summary>
public class PyTorchTests
{
    private static readonly JsonElement Vectors =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "optimizers.json"))).RootElement;

    public static TheoryData<int, string> Cases()
    {
        var cases = new TheoryData<int, string>();
        var index = 0;
        foreach (var item in Vectors.GetProperty("cases").EnumerateArray())
            cases.Add(index++, $"{item.GetProperty("optimizer").GetString()} {item.GetProperty("options").GetRawText()}");
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_are_those_of_PyTorch(int index, string name)
    {
        var expected = Vectors.GetProperty("cases")[index];
        var start = Floats(Vectors.GetProperty("start"));
        foreach (var bits in (int[])[512, 256, 128])
        {
            using var device = new CpuDevice { VectorBits = bits, Threads = 1 };
            using var model = new FlatModel(start.Length, device);
            var weight = model.Parameters["weight"];
            weight.CopyFrom(start);
            var optimizer = PyTorchOptimizer.Create(expected.GetProperty("optimizer").GetString()!, expected.GetProperty("options"));
            var step = 0;
            foreach (var gradient in Vectors.GetProperty("gradients").EnumerateArray())
            {
                weight.Gradient.CopyFrom(Floats(gradient));
                optimizer.Update(model);
                Close(Floats(expected.GetProperty("parameters")[step++]), weight.ToArray(), $"{name}, {bits} bits, step {step}");
            }
        }
    }

    private static void Close(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected[i]) <= 1e-6 + (1e-6 * Math.Abs(expected[i])), $"{what}: [{i}] is {actual[i]}, and PyTorch has {expected[i]}.");
    }

    private static float[] Floats(JsonElement values) => [.. values.EnumerateArray().Select(v => v.GetSingle())];
}
