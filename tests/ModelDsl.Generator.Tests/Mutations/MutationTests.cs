using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Emit;
using ModelDsl.Generator.Loops.Cpu;
using ModelDsl.Generator.Tests.Harness;
using ModelDsl.Tests.Shared;
using Xunit.Abstractions;

namespace ModelDsl.Generator.Tests.Mutations;

/// <summary>
/// Valid programs, changed at random: whatever a user writes, the compiler neither fails nor writes code that does not compile, and a model beside it is as
/// it was.
/// </summary>
public class MutationTests(ITestOutputHelper output)
{
    private const int ProgramsAtOnce = 10;
    private const string Witness = "namespace Beside { [Model, Input(4), Dense(3), Relu, Dense(2), SoftmaxCrossEntropy] public partial class Witness; }";

    private static readonly string[] Crashes = ["CS8785", "CS8784", "AD0001", Descriptors.InternalError.Id];

    private static readonly CSharpCompilation Empty = TestCompilation.Create(TestCompilation.WithoutWarnings, Witness);

    /// <summary>It has compiled the witness, which no program changes.</summary>
    private static readonly GeneratorDriver Driver = Generation.NewDriver(TestCompilation.WithoutWarnings).RunGenerators(Empty);

    private static readonly Dictionary<string, string> WitnessFiles =
        Generation.Of(Witness).Files.ToDictionary(file => file.Key, file => file.Value);

    [Fact]
    public async Task No_program_makes_the_compiler_fail()
    {
        var count = TestScale.Fewer("changed programs", 20, 50);
        var first = (TestScale.Seed - 1) * 1_000_000;
        output.WriteLine($"{count} programs, {TestScale.Described}");
        var failures = new List<string>();
        var (compiling, since) = (0, System.Diagnostics.Stopwatch.StartNew());
        for (var begin = 0; begin < count; begin += ProgramsAtOnce)
        {
            var programs = Enumerable.Range(first + begin, Math.Min(ProgramsAtOnce, count - begin)).Select(Program).ToArray();
            var (problems, valid) = await Check(programs);
            compiling += valid;

            // If one of several programs fails, each is run alone.
            if (problems.Count > 0)
            {
                foreach (var program in programs)
                {
                    var (own, _) = await Check([program]);
                    if (own.Count > 0) failures.Add($"{TestScale.Described}, program {program.Seed}:\n{string.Join('\n', own.Take(5))}\n{program.Source}");
                }
            }
        }

        output.WriteLine($"{compiling} of them compile without an error, {since.Elapsed.TotalSeconds:0.0} s");
        Assert.True(failures.Count == 0, $"{failures.Count} programs fail.\n{string.Join("\n\n", failures.Take(20))}");
    }

    private static (int Seed, string Source) Program(int seed)
    {
        var random = new Random(seed);
        return (seed, new Mutator(random).Change(ValidPrograms.Next(random)));
    }

    /// <summary>What is wrong with the compilation of some programs, and how many of them are valid C# with valid models.</summary>
    private static async Task<(List<string> Problems, int Valid)> Check((int Seed, string Source)[] programs)
    {
        var trees = programs.Select((program, index) => CSharpSyntaxTree.ParseText(
            $"namespace P{index} {{\n{program.Source}\n}}\n", TestCompilation.WithoutWarnings, $"Program{index}.cs")).ToArray();
        var driver = Driver.RunGeneratorsAndUpdateCompilation(Empty.AddSyntaxTrees(trees), out var generated, out var crashes);
        ModelAnalyzer analyzer = new();
        var analysis = await generated.WithAnalyzers([analyzer], new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: false, logAnalyzerExecutionTime: false))
            .GetAnalyzerDiagnosticsAsync();
        var found = crashes.Concat(analysis).Concat(Compile(generated, programs[0].Seed / ProgramsAtOnce)).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error || Crashes.Contains(diagnostic.Id)).ToList();
        var problems = found.Where(IsOurs).Select(diagnostic => diagnostic.ToString()).ToList();
        var files = driver.GetRunResult().Results[0].GeneratedSources.IsDefault
            ? []
            : driver.GetRunResult().Results[0].GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
        foreach (var (name, text) in WitnessFiles)
        {
            if (!files.TryGetValue(name, out var now)) problems.Add($"{name} is not there.");
            else if (now != text) problems.Add($"{name} is another.");
        }

        var wrong = found.Select(diagnostic => diagnostic.Location.SourceTree?.FilePath).ToHashSet();
        return (problems, trees.Count(tree => !wrong.Contains(tree.FilePath)));
    }

    /// <summary>
    /// What the C# compiler says. The kernels of different register widths are alike but for names of types, and most of the work: one width is compiled each
    /// time, the next one the next time.
    /// </summary>
    private static IEnumerable<Diagnostic> Compile(Compilation compilation, int batch)
    {
        var widths = CpuTarget.All.Select(target => $".{target.Name}.g.cs").ToArray();
        var left = widths.Where((_, index) => index != batch % widths.Length).ToArray();
        return compilation.GetDeclarationDiagnostics().Concat(compilation.SyntaxTrees
            .Where(tree => !left.Any(suffix => tree.FilePath.EndsWith(suffix, StringComparison.Ordinal)))
            .SelectMany(tree => compilation.GetSemanticModel(tree).GetDiagnostics())).Distinct();
    }

    /// <summary>An error that does not stand in the program, or is of a kind that there must not be.</summary>
    private static bool IsOurs(Diagnostic diagnostic) =>
        Crashes.Contains(diagnostic.Id) || diagnostic.Location.SourceTree?.FilePath.StartsWith("Program", StringComparison.Ordinal) != true;
}
