using ModelDsl.Generator.Common;

namespace ModelDsl.Generator.Parsing;

/// <summary>A mistake at a location, as data: the analyzer turns it into a diagnostic, the generator into a throwing member.</summary>
/// <param name="Id">The diagnostic's id, such as <c>MDSL0012</c>, or <see cref="ReportedByCompiler"/>.</param>
/// <param name="Site">The location at fault.</param>
/// <param name="Arguments">What fills the descriptor's message format.</param>
/// <param name="Related">Other locations that matter, such as the producer of a shape.</param>
internal sealed record Problem(string Id, Site Site, EquatableArray<string> Arguments, EquatableArray<Site> Related)
{
    /// <summary>
    /// The id of a mistake that the C# compiler reports itself: it stops generation, but the analyzer adds nothing to it.
    /// </summary>
    public const string ReportedByCompiler = "CS";

    /// <summary>What the message suggests, as edits, the likeliest first.</summary>
    public EquatableArray<Repair> Repairs { get; init; } = EquatableArray<Repair>.Empty;

    public static Problem At(string id, Site site, params string[] arguments) =>
        new(id, site, new([.. arguments.Select(Printable.Line)]), EquatableArray<Site>.Empty);

    public Problem With(params Site[] related) => this with { Related = new(related) };

    public Problem Suggest(params Repair?[] repairs) => this with { Repairs = repairs.OfType<Repair>().ToEquatableArray() };
}
