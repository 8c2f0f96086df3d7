using System.Globalization;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>One use of a layer: its arguments, typed, with the defaults of those left out.</summary>
internal sealed class LayerCall(LayerSpec spec)
{
    public string Kind => spec.Kind;

    public Site Site => spec.Site;

    /// <summary>The keys of the blocks given as type arguments.</summary>
    public EquatableArray<string> Blocks => spec.Blocks;

    /// <summary>The call as the user might have written it: <c>Dense(128, useBias: false)</c>.</summary>
    public string Text
    {
        get
        {
            var arguments = spec.Arguments
                .Where(argument => argument.Name != "name")
                .Select((argument, index) => index == 0 && argument.Value is not bool ? Show(argument.Value) : $"{argument.Name}: {Show(argument.Value)}")
                .ToArray();
            var blocks = spec.Blocks.Count == 0 ? "" : $"<{string.Join(", ", spec.Blocks.Select(Names.OfBlock))}>";
            return arguments.Length == 0 ? spec.Kind + blocks : $"{spec.Kind}{blocks}({string.Join(", ", arguments)})";
        }
    }

    /// <summary>The call in the form in which it is written: <c>[Dense(128)]</c>, or <c>Dense(128)</c> in a Forward.</summary>
    public string Written => Site.Kind == SiteKind.Attribute ? $"[{Text}]" : Text.EndsWith(")", StringComparison.Ordinal) ? Text : Text + "()";

    /// <summary>What the block's primary constructor is given.</summary>
    public BlockArguments BlockArguments => Find("arguments")?.Value as BlockArguments ?? BlockArguments.None;

    /// <summary>The use of a block as a summary shows it: <c>BasicBlock(64, 2)</c>.</summary>
    public string TextOfBlock(string name) => BlockArguments.Values.Count == 0 ? name : $"{name}({BlockArguments})";

    /// <summary>Those of some arguments that are given.</summary>
    public IEnumerable<ArgumentSpec> Only(IEnumerable<string> names) => spec.Arguments.Where(argument => names.Contains(argument.Name));

    public bool Has(string name) => Find(name) is not null;

    /// <summary>Where the argument stands, or the attribute where it was left out.</summary>
    public Site SiteOf(string name) => Has(name) ? spec.SiteOf(name) : spec.Site;

    public Site SiteOfBlock(int ordinal) => spec.SiteOfBlock(ordinal);

    /// <summary>An argument's value as errors show it.</summary>
    public string TextOf(string name) => Find(name)?.Value is { } value ? Show(value) : "left out";

    public int Int(string name, int otherwise = 0) => Find(name)?.Value is { } value ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : otherwise;

    public double Number(string name, double otherwise) =>
        Find(name)?.Value is { } value ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : otherwise;

    public bool Flag(string name, bool otherwise = false) => Find(name)?.Value is bool value ? value : otherwise;

    /// <summary>A string, or the name of an enum's member.</summary>
    public string Word(string name, string otherwise) => Find(name)?.Value as string ?? otherwise;

    public IReadOnlyList<int> Ints(string name) => Find(name)?.Value is EquatableArray<int> values ? values : [];

    /// <summary>A user's function; null when it could not be read, which has been reported already.</summary>
    public FunctionSpec? Function(string name) => Find(name)?.Value as FunctionSpec;

    private static string Show(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        int number => number.ToString(CultureInfo.InvariantCulture),
        FunctionSpec function => function.Name,
        EquatableArray<int> numbers => string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))),
        _ => value.ToString(),
    };

    private ArgumentSpec? Find(string name) => spec.Arguments.FirstOrDefault(argument => argument.Name == name);
}
