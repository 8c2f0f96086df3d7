using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <summary>
/// A <c>Forward</c> method as data, with the methods it calls. Loops and branches stay what they are: they run over sizes, which are known
/// when the model is lowered.
/// </summary>
/// <param name="Methods">The method itself, then those it calls; empty where it could not be read, which has been reported.</param>
internal sealed record ForwardSpec(EquatableArray<MethodSpec> Methods)
{
    public static ForwardSpec Unreadable { get; } = new(EquatableArray<MethodSpec>.Empty);

    public bool IsReadable => Methods.Count > 0;
}

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
    /// <summary>The place of a node of this method.</summary>
    public Site SiteOf(Place place) => place.IsCall ? Site.OfCall(Type, Member, place.Node) : Site.OfExpression(Type, Member, place.Node);
}

/// <summary>A node of a method by its number; of a call in a chain only its own part is meant.</summary>
internal readonly record struct Place(int Node, bool IsCall = false);
