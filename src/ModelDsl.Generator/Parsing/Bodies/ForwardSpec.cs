using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>
/// A <c>Forward</c> method as data, with the methods it calls. Loops and branches are kept, because they depend on sizes, which are known
/// when the model is lowered.
/// </summary>
/// <param name="Methods">The method itself, the losses, and then the methods they call; empty if one could not be read, which has been reported.</param>
internal sealed record ForwardSpec(EquatableArray<MethodSpec> Methods)
{
    public static ForwardSpec Unreadable { get; } = new(EquatableArray<MethodSpec>.Empty);

    public bool IsReadable => Methods.Count > 0;

    /// <summary>The tensors among its parameters, in their order.</summary>
    public EquatableArray<ParameterSpec> Inputs { get; init; } = EquatableArray<ParameterSpec>.Empty;

    /// <summary>The names of its results: those of the elements of a tuple, or a single one.</summary>
    public EquatableArray<string> Outputs { get; init; } = EquatableArray.Of(SingleOutput);

    /// <summary>The methods of a model with [Loss].</summary>
    public EquatableArray<LossSpec> Losses { get; init; } = EquatableArray<LossSpec>.Empty;

    /// <summary>The name of the only output of a model.</summary>
    public const string SingleOutput = "output";
}

/// <summary>A tensor parameter of a Forward method or loss.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Site">The location.</param>
/// <param name="Column">The column of the data, if an attribute declares it as one.</param>
internal sealed record ParameterSpec(string Name, Site Site, LayerSpec? Column);

/// <summary>A method with [Loss].</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Method">The index of the method in <see cref="ForwardSpec.Methods"/>.</param>
/// <param name="Parameters">The tensors among its parameters, in their order.</param>
/// <param name="Part">The name prefix of the weights that it trains; empty for all.</param>
/// <param name="Member">The name of that part in the names of generated members.</param>
/// <param name="Site">The location of its name.</param>
internal sealed record LossSpec(string Name, int Method, EquatableArray<ParameterSpec> Parameters, string Part, string Member, Site Site);

/// <summary>A method's body. Its parameters are the first of its variables.</summary>
/// <param name="Type">The metadata name of the class that declares it.</param>
/// <param name="Member">The method in the form that a <see cref="Site"/> uses.</param>
/// <param name="Name">The method's name.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Training">The index of the parameter <c>bool training</c>, or −1.</param>
/// <param name="Variables">The number of variables, including parameters.</param>
/// <param name="Body">The statements.</param>
internal sealed record MethodSpec(
    string Type, string Member, string Name, int Parameters, int Training, int Variables, BodyStatement Body)
{
    /// <summary>Returns the location of a node of this method.</summary>
    public Site SiteOf(NodeReference node) => node.IsCall ? Site.OfCall(Type, Member, node.Node) : Site.OfExpression(Type, Member, node.Node);
}

/// <summary>A node of a method by its index; for a call in a chain, only the last part.</summary>
internal readonly record struct NodeReference(int Node, bool IsCall = false);
