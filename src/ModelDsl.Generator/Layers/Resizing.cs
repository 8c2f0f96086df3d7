using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>Where the size of a value's last axis is written: the argument of a layer.</summary>
/// <param name="Kind">The layer.</param>
/// <param name="Site">The argument.</param>
/// <param name="Width">What it says.</param>
internal sealed record WrittenWidth(string Kind, Site Site, int Width);

/// <summary>Edits that give a value another size along its last axis.</summary>
internal static class Resizing
{
    /// <summary>Another size where the size is written, or a dense layer behind the value; null where neither is possible.</summary>
    /// <param name="value">The value.</param>
    /// <param name="width">The size it should have.</param>
    /// <param name="consumer">What reads it; null for whatever comes after.</param>
    public static Repair? To(Value value, int width, Site? consumer)
    {
        // What has changed the width since is not undone by another number there.
        if (value.Written is { } written && written.Width == value.Width) return Change(written, width);
        var layer = $"Dense({width})";
        var title = $"Insert {layer}";
        if (value.Trail is not { } producer) return null;
        return (consumer?.Kind, producer.Site.Kind) switch
        {
            (SiteKind.Call, _) or (SiteKind.Attribute, SiteKind.Attribute) => Repair.InsertBefore(consumer.Value, layer, title),
            (_, SiteKind.Call) or (null, SiteKind.Attribute) => Repair.InsertAfter(producer.Site, layer, title),
            _ => null,
        };
    }

    /// <summary>Another size for an operand of an operator.</summary>
    public static Repair Operand(Value value, int width, Site op, bool isLeft)
    {
        if (value.Written is { } written && written.Width == value.Width) return Change(written, width);
        var title = $"Write Dense({width}) on the {(isLeft ? "left" : "right")}";
        return new(isLeft ? RepairKind.InsertLeft : RepairKind.InsertRight, op, $"Dense({width})", title);
    }

    private static Repair Change(WrittenWidth written, int width) =>
        Repair.Write(written.Site, width.ToString(Names.Invariant), $"Change {written.Kind}({written.Width}) to {written.Kind}({width})");
}
