using ModelDsl.Compiled;
using ModelDsl.Generator.Layers;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Every layer, loss and composition as users declare them: generated, compiled, run, and compared with float64.</summary>
public class ModelTests
{
    public static TheoryData<string> Groups => [.. Models.Groups.Keys];

    [Theory]
    [MemberData(nameof(Groups))]
    public void Models_agree_with_the_graph_interpreter(string group)
    {
        using var library = ModelLibrary.Of(Models.Groups[group]);
        Failures.Collect(library.Names, name =>
        {
            foreach (var n in new[] { 1, 3, 17 }) Check(library[name], n, [512, 256, 128]);
        });
    }

    internal static void Check(CompiledType compiled, int n, int[] widths, int workers = 1)
    {
        var lowered = Lowering.Lower(compiled.Spec);
        var sample = Sample.Random(lowered, n);
        var reference = new Reference(lowered, sample);
        foreach (var bits in widths)
        {
            var what = $"{compiled.Type.Name}, batch of {n}, {bits} bits";
            using var device = new CpuDevice { Threads = 1, VectorBits = bits };
            using var model = compiled.Create(device);
            var runner = new ProgramRunner(model, bits);
            reference.AssertTrains(runner.Train(sample, workers), what);
            var parts = InferParts.Link | (model.Description.Infer.LossOffset < 0 ? InferParts.None : InferParts.Loss);
            reference.AssertInfers(runner.Infer(sample, parts, workers), what + ", inference");
        }
    }
}
