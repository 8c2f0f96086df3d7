using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>A processor without vectors: the runtime is told to compute lane by lane, in a process of its own.</summary>
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

    [Fact]
    public void Without_vector_instructions_training_gives_the_same_bits()
    {
        var compilation = (CSharpCompilation)Generation.Of(Program).Compilation;
        var result = compilation.WithAssemblyName("Scalars").WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication))
            .Emit(Path.Combine(folder, "Scalars.dll"));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        foreach (var type in (Type[])[typeof(Model), typeof(ModelAttribute)])
            File.Copy(type.Assembly.Location, Path.Combine(folder, Path.GetFileName(type.Assembly.Location)));

        var expected = Run("best", intrinsics: true);
        Assert.Contains("vectors", expected);
        Assert.Equal(expected, Run("128", intrinsics: true));

        var scalar = Run("best", intrinsics: false);
        Assert.Contains("no vectors", scalar);
        Assert.Equal(Numbers(expected), Numbers(scalar));

        static IEnumerable<string> Numbers(string[] lines) => lines.Where(line => !line.EndsWith("vectors", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string[] Run(string bits, bool intrinsics)
    {
        var settings = Path.ChangeExtension(typeof(ScalarProcessTests).Assembly.Location, ".runtimeconfig.json");
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", "--runtimeconfig", settings, Path.Combine(folder, "Scalars.dll"), bits])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["DOTNET_EnableHWIntrinsic"] = intrinsics ? "1" : "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
