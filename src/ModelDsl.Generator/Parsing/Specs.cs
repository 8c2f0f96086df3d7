using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing.Bodies;
using ModelDsl.Generator.Scalars;
using ModelDsl.Generator.WeightFiles;

namespace ModelDsl.Generator.Parsing;

/// <summary>
/// A model as written by the user: the value in the incremental pipeline. All later results are pure functions of it.
/// </summary>
/// <param name="Type">The class to complete.</param>
/// <param name="Layers">The layer attributes in source order: input first, loss last.</param>
/// <param name="Blocks">All blocks that are reachable from it, each once.</param>
/// <param name="Problems">Errors found while reading attributes and functions.</param>
internal sealed record ModelSpec(
    TypeSpec Type, EquatableArray<LayerSpec> Layers, EquatableArray<BlockSpec> Blocks, EquatableArray<Problem> Problems)
{
    /// <summary>The Forward method, if the network is a method instead of layers between input and loss.</summary>
    public ForwardSpec? Forward { get; init; }

    /// <summary>The names of the members that the class declares itself, among the names of optional generated members.</summary>
    public EquatableArray<string> OwnMembers { get; init; } = EquatableArray<string>.Empty;

    /// <summary>Whether the model generates tokens: it has sessions, and must be causal.</summary>
    public bool Generates { get; init; }

    /// <summary>Whether training steps keep outputs over so many classes that they would otherwise be computed for a block of rows at a time.</summary>
    public bool KeepsOutputs { get; init; }

    /// <summary>Whether the model is for prediction only: it has no loss, and no training step is generated.</summary>
    public bool IsPredictionOnly { get; init; }

    /// <summary>The file with the weights of the model; null if there is none.</summary>
    public WeightsSpec? Weights { get; init; }

    /// <summary>The former names of layers and weights.</summary>
    public EquatableArray<FormerName> FormerNames { get; init; } = EquatableArray<FormerName>.Empty;

    /// <summary>Whether products may be multiplied as TF32 on the tensor cores of a GPU.</summary>
    public bool UsesTf32 { get; init; }
}

/// <summary>A block: a named list of layers. <paramref name="Key"/> is the fully qualified metadata name.</summary>
internal sealed record BlockSpec(string Key, string Name, EquatableArray<LayerSpec> Layers)
{
    /// <summary>The Forward method, if the block is a method instead of layers.</summary>
    public ForwardSpec? Forward { get; init; }

    /// <summary>The former names of layers and weights.</summary>
    public EquatableArray<FormerName> FormerNames { get; init; } = EquatableArray<FormerName>.Empty;

    /// <summary>Whether the backward pass computes its activations again.</summary>
    public bool IsRecomputed { get; init; }
}

/// <summary>The data that is needed to write the other part of a partial class.</summary>
/// <param name="Namespace">The namespace, or an empty string.</param>
/// <param name="Containers">The headers of the containing classes, outermost first, such as <c>public partial class Outer</c>.</param>
/// <param name="Header">The header of the class, such as <c>public sealed partial class Net</c>.</param>
/// <param name="Name">The class name.</param>
/// <param name="Key">The fully qualified metadata name: unique, and usable as a file name stem.</param>
internal sealed record TypeSpec(string Namespace, EquatableArray<string> Containers, string Header, string Name, string Key)
{
    /// <summary>The namespace of its programs; null for the default.</summary>
    public string? Programs { get; init; }

    /// <summary>Whether <c>dynamic</c> refers to a type of the project in the scope of the class.</summary>
    public bool SeesTypeCalledDynamic { get; init; }

    /// <summary>Whether enough of the class was read to write another part of it.</summary>
    public bool IsKnown => Header.Length > 0;
}

/// <summary>One layer attribute.</summary>
/// <param name="Kind">The attribute's name without its suffix: <c>Dense</c>, <c>Residual</c>.</param>
/// <param name="Arguments">The arguments, positional ones with the name of their parameter; optional arguments that are not given are absent. Names always start with
/// a lower-case letter: <c>units</c>, <c>useBias</c>.</param>
/// <param name="Blocks">The keys of the blocks that are type arguments.</param>
/// <param name="Site">The location of the attribute.</param>
internal sealed record LayerSpec(string Kind, EquatableArray<ArgumentSpec> Arguments, EquatableArray<string> Blocks, Site Site)
{
    /// <summary>The location of the block of a call in a <c>Forward</c> method.</summary>
    public Site? BlockSite { get; init; }

    /// <summary>Returns the layer with a name, unless it already has one.</summary>
    public LayerSpec Named(string name) => Arguments.Any(argument => argument.Name == "name")
        ? this
        : this with { Arguments = Arguments.Append(new ArgumentSpec("name", name, Site)).ToEquatableArray() };

    /// <summary>Returns the location of an argument, or of the attribute if the argument is not given.</summary>
    public Site SiteOf(string argument) => Site.Kind == SiteKind.Attribute
        ? Site.OfArgument(Site.Type, Site.Index, argument)
        : Arguments.FirstOrDefault(given => given.Name == argument)?.Location ?? Site;

    /// <summary>Returns the location of a type argument, or of the block of a call.</summary>
    public Site SiteOfBlock(int ordinal) => BlockSite ?? Site.OfTypeArgument(Site.Type, Site.Index, ordinal);
}

/// <summary>
/// One argument of a layer attribute. <paramref name="Value"/> is an int, double, bool, string, int[] or float[] (as <see cref="EquatableArray{T}"/> of int or double),
/// the name of an enum member (as string), a <see cref="FunctionSpec"/> for the nameof of a user's function, or <see cref="BlockArguments"/>.
/// <see cref="LayerSpec.SiteOf"/> returns its location.
/// </summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Value">The value.</param>
/// <param name="Location">The location in a <c>Forward</c> method; null in an attribute.</param>
internal sealed record ArgumentSpec(string Name, object Value, Site? Location = null);

/// <summary>A user's scalar function as an expression of its parameters (leaf i is parameter i).</summary>
internal sealed record FunctionSpec(string Name, int Parameters, Expr Body, Site Site);
