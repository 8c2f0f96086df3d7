using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Tests.Shared;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>Processors without AVX2, whose multiply-adds round twice, and without vectors: settings of the runtime in a separate process.</summary>
public sealed class ScalarProcessTests : IDisposable
{
    private const string Program = """
        [Block, LayerNorm, Dense(21), Gelu, Dropout(0.25), Dense(9)] partial class Inner;
        [Model, TokenInput(5, 11), Embedding(9), PositionalEmbedding, Residual<Inner>, Flatten, Dense(13), Silu, Dense(19), Softplus, Dense(7), SoftmaxCrossEntropy]
        public partial class Words;
        [Model, Input(7), Dense(17), Tanh, RmsNorm, Dense(6), Elu, Dense(1), BinaryCrossEntropy]
        public partial class Coin;

        public static class Program
        {
            public static void Main(string[] args)
            {
                using var device = args[0] == "best" ? new CpuDevice { Threads = 2 } : new CpuDevice { Threads = 1, VectorBits = int.Parse(args[0]) };
                var random = new Random(3);
                var words = Batch.Of(6, Numbers(30, 11), Numbers(6, 7));
                var coin = Batch.Of(5, Floats(35), [1f, 0, 0, 1, 1]);
                Train(new Words(1, device), words);
                Train(new Coin(1, device), coin);

                int[] Numbers(int count, int below) { var values = new int[count]; for (var i = 0; i < count; i++) values[i] = random.Next(below); return values; }
                float[] Floats(int count) { var values = new float[count]; for (var i = 0; i < count; i++) values[i] = random.NextSingle() - 0.5f; return values; }
            }

            private static void Train(Model model, Batch batch)
            {
                var adam = new Adam(1e-2);
                for (var step = 0; step < 3; step++)
                {
                    model.Forward(batch);
                    model.Backward(batch);
                    adam.Update(model);
                    Console.WriteLine(BitConverter.SingleToInt32Bits((float)model.LastLoss));
                }

                foreach (var parameter in model.Parameters)
                {
                    var hash = 17;
                    foreach (var value in parameter.ToArray()) hash = unchecked((hash * 31) + BitConverter.SingleToInt32Bits(value));
                    Console.WriteLine(parameter.Name + " " + hash);
                }

                Console.WriteLine(System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated ? "vectors" : "no vectors");
                model.Dispose();
            }
        }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl-scalar-").FullName;

    [StandardFact]
    public void Without_fused_multiply_adds_training_gives_the_same_bits_with_vectors_and_without()
    {
        var compilation = (CSharpCompilation)Generation.Of(Program).Compilation;
        var result = compilation.WithAssemblyName("Scalars").WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication))
            .Emit(Path.Combine(folder, "Scalars.dll"));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        foreach (var type in (Type[])[typeof(Model), typeof(ModelAttribute)])
            File.Copy(type.Assembly.Location, Path.Combine(folder, Path.GetFileName(type.Assembly.Location)));

        var fused = Run("best");
        Assert.Contains("vectors", fused);
        Assert.Equal(fused, Run("128"));

        // Each rounding of a product changes last digits; the losses stay the same to four.
        var apart = Run("best", "DOTNET_EnableAVX2");
        Assert.Contains("vectors", apart);
        Assert.NotEqual(fused, apart);
        Assert.All(Losses(fused).Zip(Losses(apart)), pair => Assert.Equal(pair.First, pair.Second, pair.First * 1e-4f));

        var scalar = Run("best", "DOTNET_EnableHWIntrinsic");
        Assert.Contains("no vectors", scalar);
        Assert.Equal(Numbers(apart), Numbers(scalar));

        static IEnumerable<float> Losses(string[] lines) =>
            lines.Where(line => int.TryParse(line, System.Globalization.CultureInfo.InvariantCulture, out _)).Select(line => BitConverter.Int32BitsToSingle(int.Parse(line, System.Globalization.CultureInfo.InvariantCulture)));
        static IEnumerable<string> Numbers(string[] lines) => lines.Where(line => !line.EndsWith("vectors", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string[] Run(string bits, string? withoutInstructions = null)
    {
        var settings = Path.ChangeExtension(typeof(ScalarProcessTests).Assembly.Location, ".runtimeconfig.json");
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", "--runtimeconfig", settings, Path.Combine(folder, "Scalars.dll"), bits])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        if (withoutInstructions is not null) start.Environment[withoutInstructions] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
