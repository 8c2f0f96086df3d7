using ModelDsl.Generator.Common;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Parsing;

/// <summary>A model as the user wrote it: the value that crosses the incremental pipeline. Everything later is a pure function of it.</summary>
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
/// <param name="Arguments">Its arguments, positional ones under their parameter's name; optional ones left out are absent.</param>
/// <param name="Blocks">The keys of the blocks given as type arguments.</param>
/// <param name="Site">Where the attribute stands.</param>
internal sealed record LayerSpec(string Kind, EquatableArray<ArgumentSpec> Arguments, EquatableArray<string> Blocks, Site Site);

/// <summary>One argument of a layer attribute. <paramref name="Value"/> is an int, double, bool, string, int[] (as <see cref="EquatableArray{T}"/>),
/// the name of an enum member (as string), or a <see cref="FunctionSpec"/> for a nameof of a user's function.</summary>
internal sealed record ArgumentSpec(string Name, object Value, Site Site);

/// <summary>A user's scalar function, read into an expression over its parameters (leaf i is parameter i).</summary>
internal sealed record FunctionSpec(string Name, int Parameters, Expr Body, Site Site);

/// <summary>A mistake at a place, as data: the analyzer turns it into a diagnostic, the generator into a throwing member.</summary>
/// <param name="Id">The diagnostic's id, such as <c>MDSL0012</c>.</param>
/// <param name="Site">The place at fault.</param>
/// <param name="Arguments">What fills the descriptor's message format.</param>
/// <param name="Related">Other places that matter, such as the producer of a shape.</param>
internal sealed record Problem(string Id, Site Site, EquatableArray<string> Arguments, EquatableArray<Site> Related);

/// <summary>
/// A place in the user's code in terms that survive edits elsewhere: no position, so a comment above changes nothing. The analyzer finds the
/// syntax again.
/// </summary>
/// <param name="Kind">What is pointed at.</param>
/// <param name="Type">The metadata name of the class the place belongs to.</param>
/// <param name="Index">The attribute's index among the class's attributes; for an expression the ordinal of the node in its method.</param>
/// <param name="Argument">For an argument: its index in the attribute's argument list, named ones included.</param>
/// <param name="Member">For an expression: the method's name and parameter types.</param>
internal readonly record struct Site(SiteKind Kind, string Type, int Index = -1, int Argument = -1, string Member = "")
{
    public static Site OfType(string type) => new(SiteKind.TypeName, type);

    public static Site OfAttribute(string type, int index) => new(SiteKind.Attribute, type, index);

    public static Site OfArgument(string type, int index, int argument) => new(SiteKind.Argument, type, index, argument);

    public static Site OfExpression(string type, string member, int ordinal) => new(SiteKind.Expression, type, ordinal, -1, member);
}

internal enum SiteKind
{
    TypeName,
    Attribute,
    Argument,
    Expression,
}
