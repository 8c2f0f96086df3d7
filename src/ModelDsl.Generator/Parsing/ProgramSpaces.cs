using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing;

/// <summary>
/// The namespaces of generated programs, one for each model, directly in <c>ModelDsl.Generated</c>: a name inside one of them means a type of the program or
/// an alias declared there before it can mean anything outside.
/// </summary>
internal static class ProgramSpaces
{
    private const string Root = "ModelDsl";
    private const string Generated = "Generated";
    private const int MostBytes = 400;

    /// <summary>The namespace of a model's programs, unless the project declares something there itself.</summary>
    /// <param name="key">The model's fully qualified metadata name.</param>
    public static string Wanted(string key) => Named(Generated, key);

    /// <summary>The namespace of a model's programs: the first of those wanted in which the project declares nothing.</summary>
    public static string Of(INamedTypeSymbol type, string key)
    {
        var own = type.ContainingAssembly.GlobalNamespace.GetMembers(Root).OfType<INamespaceSymbol>().FirstOrDefault();
        var generated = Generated;
        for (var i = 2; own is not null && IsTaken(own, generated, Flat(key)); i++) generated = $"{Generated}{i}";
        return Named(generated, key);
    }

    private static bool IsTaken(INamespaceSymbol root, string generated, string flat) => root.GetMembers(generated).Any(member =>
        member is INamespaceSymbol space ? space.GetMembers(flat).Any(IsUsers) : IsUsers(member));

    private static bool IsUsers(ISymbol symbol) => Symbols.UserDeclarations(symbol).Any();

    private static string Named(string generated, string key) => $"{Root}.{generated}.{Flat(key)}";

    /// <summary>
    /// The key as one identifier, a different one for each key: <c>_</c> where a namespace or a class ends, <c>_0</c> for an underscore of the user's. No part
    /// begins with a digit.
    /// </summary>
    private static string Flat(string key) => Shortened.To(MostBytes, string.Join("_", key.Split('.', '+').Select(part => part.Replace("_", "_0"))));
}
