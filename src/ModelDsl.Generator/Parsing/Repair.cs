namespace ModelDsl.Generator.Parsing;

/// <summary>
/// A suggestion in the message of an error, as an edit: it is data, which is passed to the code fix that applies it. The text of a layer
/// does not depend on the form of the code into which it is inserted.
/// </summary>
/// <param name="Kind">The kind of edit.</param>
/// <param name="Site">The location.</param>
/// <param name="Text">The new text: an argument, a modifier, a layer such as <c>Dense(9)</c>.</param>
/// <param name="Title">The title in a menu.</param>
/// <param name="Target">The target location of a move.</param>
internal sealed record Repair(RepairKind Kind, Site Site, string Text, string Title, Site? Target = null)
{
    /// <summary>Replaces an argument or an attribute.</summary>
    public static Repair Write(Site site, string text, string title) => new(RepairKind.Replace, site, text, title);

    /// <summary>Replaces all arguments.</summary>
    public static Repair WriteAll(Site arguments, string text, string title) => new(RepairKind.ReplaceArguments, arguments, text, title);

    /// <summary>Inserts a layer before another.</summary>
    public static Repair InsertBefore(Site layer, string text, string title) => new(RepairKind.InsertBefore, layer, text, title);

    /// <summary>Inserts a layer after another.</summary>
    public static Repair InsertAfter(Site layer, string text, string title) => new(RepairKind.InsertAfter, layer, text, title);

    /// <summary>Removes a layer.</summary>
    public static Repair Remove(Site layer, string text) => new(RepairKind.Remove, layer, "", $"Remove {text}");

    /// <summary>Adds an attribute to a class.</summary>
    public static Repair AddAttribute(Site type, string text, string name) => new(RepairKind.AddAttribute, type, text, $"Put [{text}] on '{name}'");

    /// <summary>Sets a property of an attribute of a class.</summary>
    /// <param name="type">The class.</param>
    /// <param name="attribute">The name of the attribute.</param>
    /// <param name="text">The property and its value.</param>
    public static Repair AddOption(Site type, string attribute, string text) => new(RepairKind.AddOption, type, $"{attribute}({text})", $"Write [{attribute}({text})]");
}

internal enum RepairKind
{
    /// <summary>The text replaces the code at the location.</summary>
    Replace,

    /// <summary>The text replaces all arguments at the location: those of an attribute, or of a call.</summary>
    ReplaceArguments,

    /// <summary>The arguments at the location are removed.</summary>
    RemoveArguments,

    /// <summary>The text is a layer to insert before the layer at the location.</summary>
    InsertBefore,

    /// <summary>The text is a layer to insert after the layer at the location.</summary>
    InsertAfter,

    /// <summary>The text is a layer to insert on the left operand of the operator at the location.</summary>
    InsertLeft,

    /// <summary>The text is a layer to insert on the right operand of the operator at the location.</summary>
    InsertRight,

    /// <summary>The layer at the location is removed.</summary>
    Remove,

    /// <summary>The layer at the location is moved before the target.</summary>
    MoveBefore,

    /// <summary>The layer at the location is moved after the target.</summary>
    MoveAfter,

    /// <summary>The modifier is added to the class or method at the location.</summary>
    AddModifier,

    /// <summary>The first word is a modifier of the class at the location, which is replaced by the second word, or removed if there is none.</summary>
    ReplaceModifier,

    /// <summary>The base class of the class at the location is removed.</summary>
    RemoveBase,

    /// <summary>The attribute is added to the class at the location.</summary>
    AddAttribute,

    /// <summary>The text is an attribute with one argument, which is added to the arguments of that attribute of the class at the location.</summary>
    AddOption,
}
