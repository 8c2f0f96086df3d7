using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelDsl.Benchmarks.Gpu.Ptx;

/// <summary>An instruction of a kernel in NVIDIA's virtual machine language.</summary>
/// <param name="Operation">Its name with all its modifiers, such as <c>setp.lt.s32</c>.</param>
/// <param name="Operands">Its operands as they are written, those in braces as one.</param>
/// <param name="Predicate">The register that says whether it is carried out, or empty.</param>
/// <param name="IsNegated">Whether it is carried out where that register is false.</param>
internal sealed record PtxInstruction(string Operation, IReadOnlyList<string> Operands, string Predicate, bool IsNegated)
{
    public override string ToString() => $"{(Predicate.Length > 0 ? $"@{(IsNegated ? "!" : "")}{Predicate} " : "")}{Operation} {string.Join(", ", Operands)};";
}

/// <summary>The parsed text of a kernel.</summary>
internal sealed partial class PtxProgram
{
    private readonly List<PtxInstruction> instructions = [];
    private readonly Dictionary<string, int> labels = [];
    private readonly Dictionary<string, int> parameters = [];
    private readonly List<(int Start, int End)> structures = [];
    private readonly Dictionary<string, int> shared = [];
    private readonly Dictionary<string, int> local = [];

    private PtxProgram()
    {
    }

    /// <summary>The name of the kernel.</summary>
    public string Name { get; private set; } = "";

    public IReadOnlyList<PtxInstruction> Instructions => instructions;

    /// <summary>The instruction each label stands before.</summary>
    public IReadOnlyDictionary<string, int> Labels => labels;

    /// <summary>Where each parameter begins among the bytes of all.</summary>
    public IReadOnlyDictionary<string, int> Parameters => parameters;

    public int ParameterBytes { get; private set; }

    /// <summary>Where the parameters that are no scalars begin and end: views, and structures.</summary>
    public IReadOnlyList<(int Start, int End)> Structures => structures;

    /// <summary>Where each shared array begins among the bytes of all.</summary>
    public IReadOnlyDictionary<string, int> Shared => shared;

    public int SharedBytes { get; private set; }

    /// <summary>Where each array of a thread's own begins among the bytes of all.</summary>
    public IReadOnlyDictionary<string, int> Local => local;

    public int LocalBytes { get; private set; }

    /// <summary>Parses a kernel's text. It must not contain other functions.</summary>
    public static PtxProgram Parse(string text)
    {
        var program = new PtxProgram();
        text = Comment().Replace(text, "");
        if (OtherFunction().IsMatch(text))
            throw new FormatException("The text has a function beside its kernel: only kernels whose functions are inlined are understood.");
        var entry = text.IndexOf(".entry", StringComparison.Ordinal);
        var open = text.IndexOf('{', entry);
        program.Name = Entry().Match(text).Groups[1].Value;
        foreach (Match parameter in Variable().Matches(text[entry..open]))
        {
            (program.parameters[parameter.Groups["name"].Value], program.ParameterBytes) = Place(program.ParameterBytes, parameter);
            if (parameter.Groups["length"].Success)
                program.structures.Add((program.parameters[parameter.Groups["name"].Value], program.ParameterBytes));
        }

        foreach (Match array in Variable().Matches(text).Where(match => match.Groups["space"].Value == "shared"))
            (program.shared[array.Groups["name"].Value], program.SharedBytes) = Place(program.SharedBytes, array);
        foreach (Match array in Variable().Matches(text).Where(match => match.Groups["space"].Value == "local"))
            (program.local[array.Groups["name"].Value], program.LocalBytes) = Place(program.LocalBytes, array);
        foreach (var statement in text[(open + 1)..text.LastIndexOf('}')].Split(';'))
            program.Add(Bare(statement));
        return program;
    }

    /// <summary>Where a variable begins, and where the next can.</summary>
    private static (int Offset, int End) Place(int offset, Match variable)
    {
        var bytes = int.Parse(variable.Groups["bits"].Value, CultureInfo.InvariantCulture) / 8;
        var alignment = variable.Groups["align"] is { Success: true } align ? int.Parse(align.Value, CultureInfo.InvariantCulture) : bytes;
        var length = variable.Groups["length"] is { Success: true } array ? int.Parse(array.Value, CultureInfo.InvariantCulture) : 1;
        var start = (offset + alignment - 1) / alignment * alignment;
        return (start, start + (bytes * length));
    }

    private void Add(string statement)
    {
        while (Label().Match(statement) is { Success: true } label)
        {
            labels[label.Groups[1].Value] = instructions.Count;
            statement = Bare(statement[label.Length..]);
        }

        if (statement.Length == 0 || statement[0] == '.')
            return;
        var match = Instruction().Match(statement);
        if (!match.Success)
            throw new FormatException($"'{statement}' is not an instruction of PTX.");
        var operands = Operand().Matches(match.Groups["operands"].Value).Select(operand => operand.Value.Trim()).Where(operand => operand.Length > 0).ToArray();
        instructions.Add(new PtxInstruction(match.Groups["operation"].Value, operands, match.Groups["predicate"].Value, match.Groups["not"].Success));
    }

    /// <summary>Without space and the braces of blocks, which only bound the life of names.</summary>
    private static string Bare(string statement) => statement.Trim().TrimStart('{', '}').Trim();

    [GeneratedRegex(@"\.entry\s+([\w$]+)")]
    private static partial Regex Entry();

    [GeneratedRegex(@"(?<!\.extern )\.func")]
    private static partial Regex OtherFunction();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\.(?<space>param|shared|local)\s+(?:\.align\s+(?<align>\d+)\s+)?\.[bfsu](?<bits>\d+)\s+(?<name>[\w$]+)(?:\[(?<length>\d+)\])?")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^([\w$]+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"^(?:@(?<not>!)?(?<predicate>[%\w]+)\s+)?(?<operation>[a-z][\w.:]*)\s*(?<operands>.*)$", RegexOptions.Singleline)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|[^,\s][^,]*")]
    private static partial Regex Operand();
}
