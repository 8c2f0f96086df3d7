using Microsoft.CodeAnalysis;

namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>
/// Stops the reading of a body at an expression that cannot be read. It never leaves <see cref="FunctionReader"/>: what follows from one
/// mistake is not looked at, so that it is one error.
/// </summary>
internal sealed class ReadFailure(string id, IOperation? at, params string[] arguments) : Exception
{
    public string Id { get; } = id;

    /// <summary>The expression; null where there is none, such as in a method without a body.</summary>
    public IOperation? At { get; } = at;

    public string[] Arguments { get; } = arguments;

    /// <summary>A failure whose message begins with the expression itself and ends with what to do.</summary>
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
