using Microsoft.CodeAnalysis;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>
/// Stops the reading of a body at an expression that cannot be read. <see cref="FunctionReader"/> always catches it: the rest of the body
/// is not read, so that one mistake is one error.
/// </summary>
internal sealed class ReadFailure(string id, IOperation? at, params string[] arguments) : Exception
{
    public string Id { get; } = id;

    /// <summary>The expression; null if there is none, such as for a method without a body.</summary>
    public IOperation? At { get; } = at;

    public string[] Arguments { get; } = arguments;

    /// <summary>Creates a failure whose message begins with the expression and ends with what to do.</summary>
    public static ReadFailure Of(DiagnosticDescriptor descriptor, IOperation at, string remedy) =>
        new(descriptor.Id, at, Quote(at.Syntax), remedy);

    public static ReadFailure ReportedByCompiler(IOperation? at) => new(Problem.ReportedByCompiler, at);

    private static string Quote(SyntaxNode syntax)
    {
        const int Longest = 60;
        var text = string.Join(" ", syntax.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= Longest ? $"'{text}'" : $"'{text.Substring(0, Longest)}…'";
    }
}
