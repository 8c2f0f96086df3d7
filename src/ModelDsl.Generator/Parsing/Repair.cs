namespace ModelDsl.Generator.Parsing;

/// <summary>
/// What the message of a mistake suggests, as an edit: data like the mistake itself, carried to the code fix that applies it. Layers are named
/// the same way whichever form they are inserted into.
/// </summary>
/// <param name="Kind">What is done.</param>
/// <param name="Site">Where.</param>
/// <param name="Text">The new text: an argument, a modifier, a layer such as <c>Dense(9)</c>.</param>
/// <param name="Title">What a menu shows.</param>
/// <param name="Target">For a move: the layer it goes to.</param>
internal sealed record Repair(RepairKind Kind, Site Site, string Text, string Title, Site? Target = null)
{
    /// <summary>Another argument, or another attribute, instead of the one there.</summary>
    public static Repair Write(Site site, string text, string title) => new(RepairKind.Replace, site, text, title);

    /// <summary>Other arguments instead of all there.</summary>
    public static Repair WriteAll(Site arguments, string text, string title) => new(RepairKind.ReplaceArguments, arguments, text, title);

    /// <summary>A layer before another.</summary>
    public static Repair InsertBefore(Site layer, string text, string title) => new(RepairKind.InsertBefore, layer, text, title);

    /// <summary>A layer after another.</summary>
    public static Repair InsertAfter(Site layer, string text, string title) => new(RepairKind.InsertAfter, layer, text, title);

    /// <summary>A list without the layer.</summary>
    public static Repair Remove(Site layer, string text) => new(RepairKind.Remove, layer, "", $"Remove {text}");

    /// <summary>An attribute on a class.</summary>
    public static Repair AddAttribute(Site type, string text, string name) => new(RepairKind.AddAttribute, type, text, $"Put [{text}] on '{name}'");
}

internal enum RepairKind
{
    /// <summary>The text replaces what is there.</summary>
    Replace,

    /// <summary>The text replaces all arguments: those there, or those of the call there.</summary>
    ReplaceArguments,

    /// <summary>The arguments there are removed.</summary>
    RemoveArguments,

    /// <summary>The text is a layer that comes before the one there.</summary>
    InsertBefore,

    /// <summary>The text is a layer that comes after the one there.</summary>
    InsertAfter,

    /// <summary>The text is a layer on the left operand of the operator there.</summary>
    InsertLeft,

    /// <summary>The text is a layer on the right operand of the operator there.</summary>
    InsertRight,

    /// <summary>The layer there goes.</summary>
    Remove,

    /// <summary>The layer there goes before the target.</summary>
    MoveBefore,

    /// <summary>The layer there goes after the target.</summary>
    MoveAfter,

    /// <summary>The class or method there gets the modifier.</summary>
    AddModifier,

    /// <summary>The first word is a modifier of the class there; the second, if there is one, follows it.</summary>
    ReplaceModifier,

    /// <summary>The class there has no base class.</summary>
    RemoveBase,

    /// <summary>The class there gets the attribute.</summary>
    AddAttribute,
}
