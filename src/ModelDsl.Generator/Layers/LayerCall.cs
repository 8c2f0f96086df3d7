using System.Globalization;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>One use of a layer: its typed arguments, with defaults for those that are not given.</summary>
internal sealed class LayerCall(LayerSpec spec)
{
    public string Kind => spec.Kind;

    public Site Site => spec.Site;

    /// <summary>The keys of the blocks that are type arguments.</summary>
    public EquatableArray<string> Blocks => spec.Blocks;

    /// <summary>The call in the form of C#: <c>Dense(128, useBias: false)</c>.</summary>
    public string Text
    {
        get
        {
            var arguments = spec.Arguments
                .Where(argument => argument.Name != "name")
                .Select((argument, index) => index == 0 && argument.Value is not bool ? Show(argument.Value) : $"{argument.Name}: {Show(argument.Value)}")
                .ToArray();
            var blocks = spec.Blocks.Count == 0 ? "" : $"<{string.Join(", ", spec.Blocks.Select(LayerNames.OfBlock))}>";
            return arguments.Length == 0 ? spec.Kind + blocks : $"{spec.Kind}{blocks}({string.Join(", ", arguments)})";
        }
    }

    /// <summary>The call in the form of the source: <c>[Dense(128)]</c>, or <c>Dense(128)</c> in a Forward method.</summary>
    public string Written => Site.Kind == SiteKind.Attribute ? $"[{Text}]" : Text.EndsWith(")", StringComparison.Ordinal) ? Text : Text + "()";

    /// <summary>The arguments of the block's primary constructor.</summary>
    public BlockArguments BlockArguments => Find("arguments")?.Value as BlockArguments ?? BlockArguments.None;

    /// <summary>Returns the use of a block in the form of a summary: <c>BasicBlock(64, 2)</c>.</summary>
    public string TextOfBlock(string name) => BlockArguments.Values.Count == 0 ? name : $"{name}({BlockArguments})";

    /// <summary>Returns the given arguments among some names.</summary>
    public IEnumerable<ArgumentSpec> Only(IEnumerable<string> names) => spec.Arguments.Where(argument => names.Contains(argument.Name));

    public bool Has(string name) => Find(name) is not null;

    /// <summary>Returns the location of an argument, or of the attribute if the argument is not given.</summary>
    public Site SiteOf(string name) => Has(name) ? spec.SiteOf(name) : spec.Site;

    public Site SiteOfBlock(int ordinal) => spec.SiteOfBlock(ordinal);

    /// <summary>Returns the value of an argument as text for errors.</summary>
    public string TextOf(string name) => Find(name)?.Value is { } value ? Show(value) : "left out";

    public int Int(string name, int otherwise = 0) => Find(name)?.Value is { } value ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : otherwise;

    public double Number(string name, double otherwise) =>
        Find(name)?.Value is { } value ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : otherwise;

    public bool Flag(string name, bool otherwise = false) => Find(name)?.Value is bool value ? value : otherwise;

    /// <summary>Returns a string, or the name of an enum's member.</summary>
    public string Word(string name, string otherwise) => Find(name)?.Value as string ?? otherwise;

    public IReadOnlyList<int> Ints(string name) => Find(name)?.Value is EquatableArray<int> values ? values : [];

    /// <summary>Returns an array of floats; empty if it is not given.</summary>
    public IReadOnlyList<double> Numbers(string name) => Find(name)?.Value switch
    {
        EquatableArray<double> values => values,
        EquatableArray<int> values => [.. values.Select(value => (double)value)],
        _ => [],
    };

    /// <summary>Returns a user's function; null if it could not be read, which has been reported.</summary>
    public FunctionSpec? Function(string name) => Find(name)?.Value as FunctionSpec;

    private static string Show(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        int number => number.ToString(CultureInfo.InvariantCulture),
        FunctionSpec function => function.Name,
        EquatableArray<double> numbers => $"[{string.Join(", ", numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))}]",
        EquatableArray<int> numbers => string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))),
        _ => value.ToString(),
    };

    private ArgumentSpec? Find(string name) => spec.Arguments.FirstOrDefault(argument => argument.Name == name);
}
