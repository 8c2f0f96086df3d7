using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Vocabulary;

/// <summary>A name that the C# compiler does not know, in the place of a layer, a function of tensors or an optimizer.</summary>
/// <param name="Name">The name.</param>
/// <param name="Span">The location of the name, including its qualifier.</param>
/// <param name="Arguments">The arguments after the name; null if there are none.</param>
/// <param name="Advice">The advice for the name.</param>
internal sealed record UnknownName(string Name, TextSpan Span, SyntaxNode? Arguments, NameAdvice Advice)
{
    /// <summary>The errors of the C# compiler that such a name causes.</summary>
    public static IReadOnlyList<string> Errors { get; } = ["CS0246", "CS0234", "CS0103", "CS0117", "CS1061"];

    /// <summary>Finds the name at an error; null if it is not the name of a layer, function or optimizer.</summary>
    /// <param name="at">The node with the error.</param>
    /// <param name="model">The semantic model.</param>
    /// <param name="cancellation">Cancels the search.</param>
    public static UnknownName? Find(SyntaxNode at, SemanticModel model, CancellationToken cancellation)
    {
        if (model.Compilation.GetTypeByMetadataName(Symbols.Model) is not { } attribute) return null;
        if (OwnFunction(at) is { } function) return function;
        if (at.FirstAncestorOrSelf<AttributeSyntax>() is { } written && written.Name.Span.Contains(at.Span) && at.FirstAncestorOrSelf<TypeArgumentListSyntax>() is null)
        {
            return IsOfNetwork(written, model, cancellation) ? Of(Last(written.Name), written.Name, written.ArgumentList, Attributes(attribute)) : null;
        }

        var tensor = model.Compilation.GetTypeByMetadataName("ModelDsl.Tensor");
        if (at.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is { } member && member.Name.Span.Contains(at.Span) && tensor is not null)
        {
            var isTensor = SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(member.Expression, cancellation).Type, tensor)
                || SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(member.Expression, cancellation).Symbol, tensor);
            return isTensor ? Of(member.Name, member.Name, (member.Parent as InvocationExpressionSyntax)?.ArgumentList, Members(tensor)) : null;
        }

        return at.FirstAncestorOrSelf<ObjectCreationExpressionSyntax>() is { } creation && creation.Type.Span.Contains(at.Span)
            ? Of(Last(creation.Type), creation.Type, null, OtherNames.Optimizers, optimizers: true)
            : null;
    }

    private static UnknownName? Of(SimpleNameSyntax? name, SyntaxNode whole, SyntaxNode? arguments, IReadOnlyCollection<string> known, bool optimizers = false) =>
        name is not null && NameAdvice.For(name.Identifier.ValueText, known, optimizers) is { } advice ? new(name.Identifier.ValueText, whole.Span, arguments, advice) : null;

    /// <summary>Finds the name of a function for an activation or a loss that the user has not written yet.</summary>
    private static UnknownName? OwnFunction(SyntaxNode at)
    {
        if (at is not IdentifierNameSyntax name) return null;
        SyntaxNode? list = at.FirstAncestorOrSelf<AttributeArgumentListSyntax>();
        list ??= at.Parent is ArgumentSyntax { Parent: ArgumentListSyntax arguments } ? arguments : null;
        var layer = list?.Parent switch
        {
            AttributeSyntax attribute => Last(attribute.Name)?.Identifier.ValueText,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } => member.Name.Identifier.ValueText,
            _ => null,
        };
        var parameters = layer switch
        {
            "Activation" => "float x",
            "Loss" when list!.Parent is AttributeSyntax => "float output, float target",
            _ => null,
        };
        if (parameters is null) return null;
        var written = name.Identifier.ValueText;
        var advice = layer == "Activation" && NameAdvice.Activation(written) is { } activation
            ? $"did you mean the layer {activation} instead of Activation?"
            : $"declare 'private static float {written}({parameters})' in the class";
        return new(written, name.Span, null, new(advice, null));
    }

    private static SimpleNameSyntax? Last(SyntaxNode name) => name switch
    {
        SimpleNameSyntax simple => simple,
        QualifiedNameSyntax qualified => qualified.Right,
        AliasQualifiedNameSyntax alias => alias.Name,
        _ => null,
    };

    /// <summary>Whether an attribute is on a class with another attribute of this library, or inside such a class.</summary>
    private static bool IsOfNetwork(AttributeSyntax written, SemanticModel model, CancellationToken cancellation)
    {
        for (var type = written.FirstAncestorOrSelf<TypeDeclarationSyntax>(); type is not null; type = type.Parent?.FirstAncestorOrSelf<TypeDeclarationSyntax>())
        {
            if (model.GetDeclaredSymbol(type, cancellation) is INamedTypeSymbol symbol && symbol.GetAttributes().Any(attribute => Symbols.KindOf(attribute) is not null)) return true;
        }

        return false;
    }

    private static string[] Attributes(INamedTypeSymbol model) =>
        [.. model.ContainingNamespace.GetTypeMembers()
            .Where(type => type is { DeclaredAccessibility: Accessibility.Public, IsAbstract: false } && type.Name.EndsWith("Attribute", StringComparison.Ordinal))
            .Select(type => type.Name.Substring(0, type.Name.Length - "Attribute".Length)).Distinct()];

    private static string[] Members(INamedTypeSymbol tensor) =>
        [.. tensor.GetMembers().Where(member => member is { DeclaredAccessibility: Accessibility.Public, CanBeReferencedByName: true }).Select(member => member.Name).Distinct()];
}
