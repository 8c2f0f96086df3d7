using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.CodeFixes.Refactorings;

/// <summary>The layers of a class that can be part of a <c>Forward</c> method: all between input and loss.</summary>
internal sealed class ForwardLayers
{
    private readonly Dictionary<AttributeSyntax, LayerUse> uses;

    private ForwardLayers(Dictionary<AttributeSyntax, LayerUse> uses, bool isModel) => (this.uses, IsModel) = (uses, isModel);

    public bool IsModel { get; }

    /// <summary>The layers, grouped by the brackets of the source.</summary>
    public IEnumerable<IReadOnlyList<LayerUse>> Groups => uses.GroupBy(use => use.Key.Parent).Select(group => group.Select(use => use.Value).ToList());

    public bool Contains(AttributeSyntax attribute) => uses.ContainsKey(attribute);

    /// <summary>Reads the layers; null if there are none, if there already is a Forward method, or if a layer has no equivalent method.</summary>
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
