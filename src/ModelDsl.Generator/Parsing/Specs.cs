using ModelDsl.Generator.Common;
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
    TypeSpec Type, EquatableArray<LayerSpec> Layers, EquatableArray<BlockSpec> Blocks, EquatableArray<Problem> Problems);

/// <summary>A block: a list of layers under a name. <paramref name="Key"/> is the fully qualified metadata name.</summary>
internal sealed record BlockSpec(string Key, string Name, EquatableArray<LayerSpec> Layers);

/// <summary>What is needed to write the other part of a partial class.</summary>
/// <param name="Namespace">The namespace, or an empty string.</param>
/// <param name="Containers">The headers of the classes around it, outermost first, such as <c>public partial class Outer</c>.</param>
/// <param name="Header">Its own header, such as <c>public sealed partial class Net</c>.</param>
/// <param name="Name">The class name.</param>
/// <param name="Key">The fully qualified metadata name: unique, and usable as a file name stem.</param>
internal sealed record TypeSpec(string Namespace, EquatableArray<string> Containers, string Header, string Name, string Key);

/// <summary>One layer attribute.</summary>
/// <param name="Kind">The attribute's name without its suffix: <c>Dense</c>, <c>Residual</c>.</param>
/// <param name="Arguments">Its arguments, positional ones under their parameter's name; optional ones left out are absent. Names start with
/// a lower-case letter in any case: <c>units</c>, <c>useBias</c>.</param>
/// <param name="Blocks">The keys of the blocks given as type arguments.</param>
/// <param name="Site">Where the attribute stands.</param>
internal sealed record LayerSpec(string Kind, EquatableArray<ArgumentSpec> Arguments, EquatableArray<string> Blocks, Site Site)
{
    /// <summary>The place of an argument, or of the attribute where the argument is left out.</summary>
    public Site SiteOf(string argument) => Site.OfArgument(Site.Type, Site.Index, argument);

    /// <summary>The place of a type argument.</summary>
    public Site SiteOfBlock(int ordinal) => Site.OfTypeArgument(Site.Type, Site.Index, ordinal);
}

/// <summary>
/// One argument of a layer attribute. <paramref name="Value"/> is an int, double, bool, string, int[] (as <see cref="EquatableArray{T}"/>),
/// the name of an enum member (as string), or a <see cref="FunctionSpec"/> for a nameof of a user's function. Where it stands is <see
/// cref="LayerSpec.SiteOf"/>.
/// </summary>
internal sealed record ArgumentSpec(string Name, object Value);

/// <summary>A user's scalar function, read into an expression over its parameters (leaf i is parameter i).</summary>
internal sealed record FunctionSpec(string Name, int Parameters, Expr Body, Site Site);
