using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelDsl.Benchmarks.Generation;

/// <summary>The command that shows how much text the generator writes for networks of several sizes, of which kind, and how long it takes.</summary>
internal static class TextCommand
{
    private const string Steps = "steps";
    private const string Common = "kernels for all widths";
    private const string Tiled = "kernels made of tiles";
    private const string Tiles = "tiles";
    private const string Types = "sizes and epilogues";
    private const string Members = "members and headers";

    private static readonly string[] Kinds = [Steps, Common, Tiled, Tiles, Types, Members];

    private static readonly string[] Programs = [".Steps.g.cs", ".Avx512.g.cs", ".Avx2.g.cs", ".Portable.g.cs"];

    private static readonly string[] Networks =
    [
        "samples/QuickStart/CharModel.cs", "samples/Cifar10/CifarNet.cs", "benchmarks/build-time/ResNet18.cs", "benchmarks/build-time/MobileNetV2.cs", "benchmarks/build-time/ResNet50.cs",
    ];

    public static Command Create()
    {
        var command = new Command("text", "Prints the bytes of generated text by kind, and how long the generator takes, first and at best.");
        command.SetAction(_ =>
        {
            foreach (var network in Networks) Print(Path.GetFileNameWithoutExtension(network), File.ReadAllText(Path.Combine(Root(), network)));
            Print("TwelveBlocks", TwelveBlocks.Source(width: 64));
        });
        return command;
    }

    private static void Print(string name, string source)
    {
        var compilation = GenerationInput.Compilation([GenerationInput.Parse(source)]);
        var first = Measure(compilation, out var result);
        GenerationInput.Check(compilation);
        var best = Enumerable.Range(0, 5).Min(_ => Measure(compilation, out var _));
        var bytes = Kinds.ToDictionary(kind => kind, _ => 0);
        foreach (var tree in result.GeneratedTrees)
        {
            var all = Bytes(tree.ToString());
            foreach (var member in IsProgram(tree.FilePath) ? tree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>().SelectMany(type => type.Members) : [])
            {
                var size = Bytes(member.ToFullString());
                bytes[KindOf(member)] += size;
                all -= size;
            }

            bytes[Members] += all;
        }

        var parts = Kinds.Where(kind => bytes[kind] > 0).Select(kind => $"{kind} {bytes[kind].ToString("N0", CultureInfo.InvariantCulture)}");
        Console.WriteLine(
            $"{name,-13}{bytes.Values.Sum().ToString("N0", CultureInfo.InvariantCulture),11} bytes: {string.Join(", ", parts)}; first {first:f0} ms, best {best:f0} ms");
    }

    private static double Measure(Compilation compilation, out GeneratorDriverRunResult result)
    {
        var start = Stopwatch.GetTimestamp();
        var driver = GenerationInput.Driver().RunGenerators(compilation.Clone());
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        result = driver.GetRunResult();
        return elapsed;
    }

    private static string KindOf(MemberDeclarationSyntax member) => member switch
    {
        TypeDeclarationSyntax => Types,
        MethodDeclarationSyntax { Identifier.Text: var name } when name.StartsWith("Tile", StringComparison.Ordinal) => Tiles,
        MethodDeclarationSyntax { ParameterList.Parameters: [{ Type: { } type }, ..] } when type.ToString() == "Step" => Steps,
        MethodDeclarationSyntax method when method.Modifiers.Any(modifier => modifier.Text is "override") => Tiled,
        _ => Common,
    };

    private static bool IsProgram(string path) => Programs.Any(suffix => path.EndsWith(suffix, StringComparison.Ordinal));

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static string Root([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..");
}
