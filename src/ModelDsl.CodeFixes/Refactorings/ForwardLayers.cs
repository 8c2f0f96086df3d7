using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.CodeFixes.Refactorings;

/// <summary>The layers of a class that a <c>Forward</c> can say: all between input and loss.</summary>
internal sealed class ForwardLayers
{
    private readonly Dictionary<AttributeSyntax, LayerUse> uses;

    private ForwardLayers(Dictionary<AttributeSyntax, LayerUse> uses, bool isModel) => (this.uses, IsModel) = (uses, isModel);

    public bool IsModel { get; }

    /// <summary>The layers, those of one pair of brackets together, as their writer grouped them.</summary>
    public IEnumerable<IReadOnlyList<LayerUse>> Groups => uses.GroupBy(use => use.Key.Parent).Select(group => group.Select(use => use.Value).ToList());

    public bool Contains(AttributeSyntax attribute) => uses.ContainsKey(attribute);

    /// <summary>The layers; null where there are none, there is a Forward already, or one of them has no method of the same meaning.</summary>
    public static ForwardLayers? Read(ClassDeclarationSyntax declaration, SemanticModel model, CancellationToken cancellation)
    {
        if (model.GetDeclaredSymbol(declaration, cancellation) is not { } type || type.GetMembers("Forward").Length > 0) return null;
        var isModel = Symbols.IsModel(type);
        if (isModel == Symbols.IsBlock(type) || Symbols.LayerAttributes(type).Count == 0) return null;

        var uses = new Dictionary<AttributeSyntax, LayerUse>();
        foreach (var attribute in Symbols.LayerAttributes(type))
        {
            if (attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax syntax || syntax.Parent?.Parent != declaration) return null;
            if (attribute.AttributeConstructor is null) return null;
            if (!Symbols.IsInner(attribute)) continue; // inputs and losses stay on the class
            if (LayerUse.Read(attribute, syntax, model.Compilation) is not { } use) return null;
            uses.Add(syntax, use);
        }

        return uses.Count == 0 ? null : new(uses, isModel);
    }
}
