using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing;

/// <summary>An error at a location, as data: the analyzer converts it to a diagnostic, the generator to a member that throws.</summary>
/// <param name="Id">The diagnostic's id, such as <c>MDSL0012</c>, or <see cref="ReportedByCompiler"/>.</param>
/// <param name="Site">The location of the error.</param>
/// <param name="Arguments">The arguments of the descriptor's message format.</param>
/// <param name="Related">Related locations, such as the producer of a shape.</param>
internal sealed record Problem(string Id, Site Site, EquatableArray<string> Arguments, EquatableArray<Site> Related)
{
    /// <summary>
    /// The id of an error that the C# compiler reports: it stops generation, but the analyzer does not report it again.
    /// </summary>
    public const string ReportedByCompiler = "CS";

    /// <summary>The suggestions of the message as edits, the most likely first.</summary>
    public EquatableArray<Repair> Repairs { get; init; } = EquatableArray<Repair>.Empty;

    public static Problem At(string id, Site site, params string[] arguments) =>
        new(id, site, new([.. arguments.Select(Printable.Line)]), EquatableArray<Site>.Empty);

    public Problem With(params Site[] related) => this with { Related = new(related) };

    public Problem Suggest(params Repair?[] repairs) => this with { Repairs = repairs.OfType<Repair>().ToEquatableArray() };
}
