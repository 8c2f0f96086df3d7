using Microsoft.CodeAnalysis;
using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing;

/// <summary>
/// The namespaces of generated programs, one for each model, directly in <c>ModelDsl.Generated</c>. A name inside such a namespace refers to a type of the program or
/// to an alias that is declared there, before it can refer to a type outside.
/// </summary>
internal static class ProgramSpaces
{
    private const string Root = "ModelDsl";
    private const string Generated = "Generated";
    private const int MostBytes = 400;

    /// <summary>Returns the preferred namespace of a model's programs, which is used unless the project declares something in it.</summary>
    /// <param name="key">The model's fully qualified metadata name.</param>
    public static string Wanted(string key) => Named(Generated, key);

    /// <summary>Returns the namespace of a model's programs: the first candidate in which the project declares nothing.</summary>
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
    /// Returns the key as one identifier, different for each key: <c>_</c> at the end of a namespace or class, <c>_0</c> for an underscore. No part
    /// begins with a digit.
    /// </summary>
    private static string Flat(string key) => Shortened.To(MostBytes, string.Join("_", key.Split('.', '+').Select(part => part.Replace("_", "_0"))));
}
