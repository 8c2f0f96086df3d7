using System.Reflection;
using System.Text.RegularExpressions;

namespace ModelDsl.Ilgpu.Compiler.Kernels;

/// <summary>Where the models of a project are declared.</summary>
/// <param name="sources">The C# files of the project.</param>
internal sealed class ModelLocations(IReadOnlyList<string> sources)
{
    private const string ProgramSuffix = "Ilgpu";
    private const string FileSuffix = ".Ilgpu.g.cs";

    /// <summary>Returns the location of the class of a kernel's model, as MSBuild writes it; null if it is not found.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="generated">The name of its generated file, which begins with the full name of the model; empty if it is unknown.</param>
    public string? Of(MethodInfo kernel, string generated)
    {
        var program = kernel.DeclaringType!.Name;
        var full = generated.EndsWith(FileSuffix, StringComparison.Ordinal) ? generated[..^FileSuffix.Length] : program.EndsWith(ProgramSuffix, StringComparison.Ordinal) ? program[..^ProgramSuffix.Length] : program;
        var at = full.LastIndexOf('.');
        var declaration = new Regex($@"^(?!\s*//).*\b(?:class|record)\s+{Regex.Escape(full[(at + 1)..])}\b", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        var locations = new List<(bool IsInNamespace, string Location)>();
        foreach (var source in sources.Where(File.Exists))
        {
            var text = File.ReadAllText(source);
            if (declaration.Match(text) is not { Success: true } match)
                continue;
            var line = 1 + text.AsSpan(0, match.Index).Count('\n');
            locations.Add((at < 0 || text.Contains(full[..at], StringComparison.Ordinal), $"{source}({line})"));
        }

        return locations.OrderByDescending(static location => location.IsInNamespace).Select(static location => location.Location).FirstOrDefault();
    }
}
