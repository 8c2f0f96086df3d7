using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>
/// A <c>Forward</c> method as data, with the methods it calls. Loops and branches stay what they are: they run over sizes, which are known
/// when the model is lowered.
/// </summary>
/// <param name="Methods">The method itself, the losses, then those they call; empty where one could not be read, which has been reported.</param>
internal sealed record ForwardSpec(EquatableArray<MethodSpec> Methods)
{
    public static ForwardSpec Unreadable { get; } = new(EquatableArray<MethodSpec>.Empty);

    public bool IsReadable => Methods.Count > 0;

    /// <summary>Its tensors, in the order of its parameters.</summary>
    public EquatableArray<ParameterSpec> Inputs { get; init; } = EquatableArray<ParameterSpec>.Empty;

    /// <summary>The names of what it gives: those of a tuple's elements, or a single one.</summary>
    public EquatableArray<string> Outputs { get; init; } = EquatableArray.Of(SingleOutput);

    /// <summary>The methods with [Loss], of a model.</summary>
    public EquatableArray<LossSpec> Losses { get; init; } = EquatableArray<LossSpec>.Empty;

    /// <summary>What the only output of a model is called.</summary>
    public const string SingleOutput = "output";
}

/// <summary>A tensor that a Forward or a loss is given.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Site">Where it stands.</param>
/// <param name="Column">The column of the data that an attribute declares it to be, if there is one.</param>
internal sealed record ParameterSpec(string Name, Site Site, LayerSpec? Column);

/// <summary>A method with [Loss].</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Method">Its number among <see cref="ForwardSpec.Methods"/>.</param>
/// <param name="Parameters">Its tensors, in the order of its parameters.</param>
/// <param name="Part">The name of the weights it trains; empty for all.</param>
/// <param name="Member">What the members of that part are called in generated code.</param>
/// <param name="Site">Where its name stands.</param>
internal sealed record LossSpec(string Name, int Method, EquatableArray<ParameterSpec> Parameters, string Part, string Member, Site Site);

/// <summary>A method's body. Its parameters are the first of its variables.</summary>
/// <param name="Type">The metadata name of the class that declares it.</param>
/// <param name="Member">The method as a <see cref="Site"/> names it.</param>
/// <param name="Name">The method's own name.</param>
/// <param name="Parameters">How many parameters it has.</param>
/// <param name="Training">Which of them is <c>bool training</c>, or −1.</param>
/// <param name="Variables">How many variables there are, parameters included.</param>
/// <param name="Body">What it does.</param>
internal sealed record MethodSpec(
    string Type, string Member, string Name, int Parameters, int Training, int Variables, Statement Body)
{
    /// <summary>The location of a node of this method.</summary>
    public Site SiteOf(NodeReference node) => node.IsCall ? Site.OfCall(Type, Member, node.Node) : Site.OfExpression(Type, Member, node.Node);
}

/// <summary>A node of a method by its number; of a call in a chain only its own part is meant.</summary>
internal readonly record struct NodeReference(int Node, bool IsCall = false);
