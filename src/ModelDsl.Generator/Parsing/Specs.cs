using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing.Bodies;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Parsing;

/// <summary>
/// A model as the user wrote it: the value that crosses the incremental pipeline. Everything later is a pure function of it.
/// </summary>
/// <param name="Type">The class to complete.</param>
/// <param name="Layers">Its layer attributes in source order: input first, loss last.</param>
/// <param name="Blocks">Every block that can be reached from it, each once.</param>
/// <param name="Problems">Mistakes found while reading attributes and functions.</param>
internal sealed record ModelSpec(
    TypeSpec Type, EquatableArray<LayerSpec> Layers, EquatableArray<BlockSpec> Blocks, EquatableArray<Problem> Problems)
{
    /// <summary>The network as a method, in place of the layers between input and loss.</summary>
    public ForwardSpec? Forward { get; init; }

    /// <summary>The names of its own members among those that generated members may have.</summary>
    public EquatableArray<string> OwnMembers { get; init; } = EquatableArray<string>.Empty;

    /// <summary>Whether the model generates tokens: it has sessions, and must be causal.</summary>
    public bool Generates { get; init; }

    /// <summary>Whether products may be multiplied as TF32 where a GPU has tensor cores.</summary>
    public bool UsesTf32 { get; init; }
}

/// <summary>A block: a list of layers under a name. <paramref name="Key"/> is the fully qualified metadata name.</summary>
internal sealed record BlockSpec(string Key, string Name, EquatableArray<LayerSpec> Layers)
{
    /// <summary>The block as a method, in place of layers.</summary>
    public ForwardSpec? Forward { get; init; }
}

/// <summary>What is needed to write the other part of a partial class.</summary>
/// <param name="Namespace">The namespace, or an empty string.</param>
/// <param name="Containers">The headers of the classes around it, outermost first, such as <c>public partial class Outer</c>.</param>
/// <param name="Header">Its own header, such as <c>public sealed partial class Net</c>.</param>
/// <param name="Name">The class name.</param>
/// <param name="Key">The fully qualified metadata name: unique, and usable as a file name stem.</param>
internal sealed record TypeSpec(string Namespace, EquatableArray<string> Containers, string Header, string Name, string Key)
{
    /// <summary>The namespace of its programs; null for the usual one.</summary>
    public string? Programs { get; init; }

    /// <summary>Whether <c>dynamic</c> means a type of the project where the class is.</summary>
    public bool SeesTypeCalledDynamic { get; init; }

    /// <summary>Whether enough of the class could be read to write another part of it.</summary>
    public bool IsKnown => Header.Length > 0;
}

/// <summary>One layer attribute.</summary>
/// <param name="Kind">The attribute's name without its suffix: <c>Dense</c>, <c>Residual</c>.</param>
/// <param name="Arguments">Its arguments, positional ones under their parameter's name; optional ones left out are absent. Names start with
/// a lower-case letter in any case: <c>units</c>, <c>useBias</c>.</param>
/// <param name="Blocks">The keys of the blocks given as type arguments.</param>
/// <param name="Site">Where the attribute stands.</param>
internal sealed record LayerSpec(string Kind, EquatableArray<ArgumentSpec> Arguments, EquatableArray<string> Blocks, Site Site)
{
    /// <summary>Where the block of a call in a <c>Forward</c> stands.</summary>
    public Site? BlockSite { get; init; }

    /// <summary>The layer under a name, unless it has one of its own.</summary>
    public LayerSpec Named(string name) => Arguments.Any(argument => argument.Name == "name")
        ? this
        : this with { Arguments = Arguments.Append(new ArgumentSpec("name", name, Site)).ToEquatableArray() };

    /// <summary>The place of an argument, or of the attribute where the argument is left out.</summary>
    public Site SiteOf(string argument) => Site.Kind == SiteKind.Attribute
        ? Site.OfArgument(Site.Type, Site.Index, argument)
        : Arguments.FirstOrDefault(given => given.Name == argument)?.Place ?? Site;

    /// <summary>The place of a type argument, or of the block given to a call.</summary>
    public Site SiteOfBlock(int ordinal) => BlockSite ?? Site.OfTypeArgument(Site.Type, Site.Index, ordinal);
}

/// <summary>
/// One argument of a layer attribute. <paramref name="Value"/> is an int, double, bool, string, int[] (as <see cref="EquatableArray{T}"/>),
/// the name of an enum member (as string), a <see cref="FunctionSpec"/> for a nameof of a user's function, or <see cref="BlockArguments"/>.
/// Where it stands is <see cref="LayerSpec.SiteOf"/>.
/// </summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Value">What it is given.</param>
/// <param name="Place">Where it stands in a <c>Forward</c>; null in an attribute.</param>
internal sealed record ArgumentSpec(string Name, object Value, Site? Place = null);

/// <summary>A user's scalar function, read into an expression over its parameters (leaf i is parameter i).</summary>
internal sealed record FunctionSpec(string Name, int Parameters, Expr Body, Site Site);
