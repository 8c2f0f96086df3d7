using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Diagnostics;

/// <summary>A <see cref="Repair"/> with source locations. The analyzer passes it to the code fix as a property of the diagnostic.</summary>
/// <param name="Kind">The kind of edit.</param>
/// <param name="Location">The location.</param>
/// <param name="Text">The new text.</param>
/// <param name="Title">The title in a menu.</param>
/// <param name="Target">The target location of a move.</param>
internal sealed record LocatedRepair(RepairKind Kind, FileSpan Location, string Text, string Title, FileSpan? Target)
{
    private const char Separator = '\n';

    /// <summary>Returns the repairs of a problem as properties; repairs whose location cannot be found are omitted.</summary>
    public static ImmutableDictionary<string, string?> Properties(Problem problem, Func<Site, Location?> find)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        foreach (var repair in problem.Repairs)
        {
            var (location, target) = (FileSpan.Of(find(repair.Site)), repair.Target is { } site ? FileSpan.Of(find(site)) : null);
            if (location is null || (repair.Target is not null && target is null)) continue;
            properties = properties.Add(Key(properties.Count), new LocatedRepair(repair.Kind, location, repair.Text, repair.Title, target).Encode());
        }

        return properties;
    }

    /// <summary>Returns the repairs of a diagnostic.</summary>
    public static IEnumerable<LocatedRepair> Of(Diagnostic diagnostic)
    {
        for (var i = 0; diagnostic.Properties.TryGetValue(Key(i), out var text) && text is not null; i++) yield return Decode(text);
    }

    private static string Key(int index) => "repair" + index.ToString(CultureInfo.InvariantCulture);

    private string Encode() => string.Join(Separator.ToString(), [Kind.ToString(), Text, Title, .. Location.Encode(), .. Target?.Encode() ?? []]);

    private static LocatedRepair Decode(string text)
    {
        var parts = text.Split(Separator);
        var kind = (RepairKind)Enum.Parse(typeof(RepairKind), parts[0]);
        return new(kind, FileSpan.Decode(parts, 3), parts[1], parts[2], parts.Length > 6 ? FileSpan.Decode(parts, 6) : null);
    }
}

/// <summary>A span in a file.</summary>
internal sealed record FileSpan(string File, TextSpan Span)
{
    public static FileSpan? Of(Location? location) => location?.SourceTree is { } tree ? new(tree.FilePath, location.SourceSpan) : null;

    public string[] Encode() => [File, Number(Span.Start), Number(Span.Length)];

    public static FileSpan Decode(string[] parts, int from) =>
        new(parts[from], new TextSpan(int.Parse(parts[from + 1], CultureInfo.InvariantCulture), int.Parse(parts[from + 2], CultureInfo.InvariantCulture)));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
