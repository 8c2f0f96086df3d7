using System.Text;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Emit.Cpu;
using ModelDsl.Generator.Emit.Model;
using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Loops;
using ModelDsl.Generator.Memory;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Tests.Harness;

namespace ModelDsl.Generator.Tests.Documentation;

/// <summary>A small model as each pass hands it on.</summary>
internal sealed class Dumps
{
    private const string Source = """
        [Model]
        [Input(4)]
        [Dense(3), Relu]
        [Dense(2)]
        [SoftmaxCrossEntropy]
        public sealed partial class Tiny;
        """;

    private readonly CompiledModel model;

    public Dumps()
    {
        var compilation = TestCompilation.Create(Source);
        model = ModelCompiler.Plan(ModelParser.ReadModel(compilation.GetTypeByMetadataName("Tiny")!, compilation, CancellationToken.None));
    }

    public string Of(string stage) => stage switch
    {
        "spec" => Lines(model.Spec.Layers.Select(layer => new LayerCall(layer).Text)),
        "graph" => Printer.Print(model.Lowered.Train!),
        "gradients" => Gradients(),
        "groups" => Lines(model.Train.Fused.Groups.Select(group => $"{group.Part}: {group} → {string.Join(", ", group.Stored.Select(node => node.Name))}")),
        "phases" => Lines(model.Train.Parts.SelectMany(Phases)),
        "memory" => Memory(),
        "text" => Kernel("Dense2Gradient"),
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "No such stage."),
    };

    /// <summary>What the graph has after differentiation and simplification and had not before.</summary>
    private string Gradients()
    {
        var before = Printer.Print(model.Lowered.Train!).Split('\n').Select(NameOf).ToHashSet();
        return Lines(Printer.Print(ModelCompiler.Differentiate(model.Lowered)).TrimEnd().Split('\n').Where(line => !before.Contains(NameOf(line))));

        static string NameOf(string line) => line.Split('=')[0];
    }

    private static IEnumerable<string> Phases(PlanPart part) => part.Phases.Select((phase, index) =>
        $"{part.Part}.{index}: {string.Join(" | ", phase.Launches.Select(launch => $"{launch.Kernel.Name} over {Work(launch.Kernel.Partition)}"))}");

    private static string Work(Partition partition) =>
        partition is Grid grid ? $"{grid.Rows} × {grid.Panels}" : ((Generator.Loops.Range)partition).Count.ToString()!;

    private string Memory()
    {
        var storages = model.Train.Parts.SelectMany(part => part.Phases).SelectMany(phase => phase.Launches).SelectMany(launch => launch.Buffers)
            .Where(storage => storage.Space != Space.Column).Distinct();
        return Lines(storages.OrderBy(storage => storage.Space).ThenBy(storage => storage.Offset).Select(storage =>
            $"{storage.Space,-10} {storage.Offset,4} … {storage.Offset + storage.Length - 1,4}  {storage.Name}{Layout(storage.Layout)}"));
    }

    private static string Layout(Layout layout) => layout is Panels panels ? $": panels [{panels.Count}][{panels.Rows}][{Panels.Width}]" : "";

    /// <summary>A kernel for every register width, from its documentation to its end.</summary>
    private string Kernel(string name)
    {
        var lines = ModelCompiler.Compile(model.Spec).Files.First(file => file.Suffix == CpuProgramWriter.StepsSuffix).Text.Split('\n');
        var method = Array.FindIndex(lines, line => line.Contains($"static void {name}(", StringComparison.Ordinal));
        var start = Array.FindLastIndex(lines, method, line => line.Contains("<summary>", StringComparison.Ordinal));
        var end = Array.FindIndex(lines, method, line => line == "    }");
        return Lines(lines[start..(end + 1)].Select(line => line.Length > 4 ? line[4..] : line));
    }

    private static string Lines(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
            text.Append(line.TrimEnd()).Append('\n');
        return text.ToString();
    }
}
