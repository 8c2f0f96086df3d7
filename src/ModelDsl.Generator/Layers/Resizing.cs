using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>The argument of a layer that sets the size of a value's last axis.</summary>
/// <param name="Kind">The layer.</param>
/// <param name="Site">The argument.</param>
/// <param name="Width">The value of the argument.</param>
internal sealed record WrittenWidth(string Kind, Site Site, int Width);

/// <summary>Edits that change the size of a value's last axis.</summary>
internal static class Resizing
{
    /// <summary>Returns an edit of the argument that sets the size, or a dense layer after the value; null if neither is possible.</summary>
    /// <param name="value">The value.</param>
    /// <param name="width">The required size.</param>
    /// <param name="consumer">The reader of the value; null for any later layer.</param>
    public static Repair? To(LayerValue value, int width, Site? consumer)
    {
        // If a later operation has changed the width, another value of the argument does not have the required effect.
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

    /// <summary>Returns an edit that changes the size of an operand of an operator.</summary>
    public static Repair Operand(LayerValue value, int width, Site op, bool isLeft)
    {
        if (value.Written is { } written && written.Width == value.Width) return Change(written, width);
        var title = $"Write Dense({width}) on the {(isLeft ? "left" : "right")}";
        return new(isLeft ? RepairKind.InsertLeft : RepairKind.InsertRight, op, $"Dense({width})", title);
    }

    private static Repair Change(WrittenWidth written, int width) =>
        Repair.Write(written.Site, width.ToString(LayerNames.Invariant), $"Change {written.Kind}({written.Width}) to {written.Kind}({width})");
}
