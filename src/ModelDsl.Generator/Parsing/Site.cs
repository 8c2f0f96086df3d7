namespace ModelDsl.Generator.Parsing;

/// <summary>
/// A location in the user's code, as data that edits elsewhere do not change: it contains no text position, so that a comment above has no effect. The analyzer finds
/// the syntax again.
/// </summary>
/// <param name="Kind">The kind of syntax.</param>
/// <param name="Type">The metadata name of the class that contains it.</param>
/// <param name="Index">The attribute's index among the class's layer attributes; for an expression the ordinal of its node in the
/// method.</param>
/// <param name="Ordinal">The index of a type argument.</param>
/// <param name="Member">The name of an argument, or the method that contains an expression.</param>
internal readonly record struct Site(SiteKind Kind, string Type, int Index = -1, int Ordinal = -1, string Member = "")
{
    public static Site OfType(string type) => new(SiteKind.TypeName, type);

    public static Site OfAttribute(string type, int index) => new(SiteKind.Attribute, type, index);

    /// <param name="type">The class that has the attribute.</param>
    /// <param name="index">The index of the attribute.</param>
    /// <param name="argument">The name of the parameter or property, starting with a lower-case letter.</param>
    public static Site OfArgument(string type, int index, string argument) => new(SiteKind.Argument, type, index, -1, argument);

    public static Site OfTypeArgument(string type, int index, int ordinal) => new(SiteKind.TypeArgument, type, index, ordinal);

    /// <summary>An attribute of a class that is no layer.</summary>
    /// <param name="type">The class that has the attribute.</param>
    /// <param name="kind">The attribute's name without its suffix.</param>
    /// <param name="number">Its index among the attributes of this kind.</param>
    public static Site OfClassAttribute(string type, string kind, int number) => new(SiteKind.ClassAttribute, type, number, -1, kind);

    /// <summary>The base class in the header of a class.</summary>
    public static Site OfBaseType(string type) => new(SiteKind.BaseType, type);

    /// <summary>A constructor that the user declared; for a primary constructor, its parameter list.</summary>
    public static Site OfConstructor(string type, int index) => new(SiteKind.Constructor, type, index);

    /// <summary>The name of a member that the user declared.</summary>
    public static Site OfMember(string type, int index) => new(SiteKind.Member, type, index);

    /// <param name="type">The class that declares the method.</param>
    /// <param name="member">The name of the method, and the types of its parameters.</param>
    /// <param name="ordinal">The index of the node in the method, in document order; -1 for the method's name.</param>
    public static Site OfExpression(string type, string member, int ordinal) => new(SiteKind.Expression, type, ordinal, -1, member);

    /// <summary>The last call of a chain, from the method's name on: for <c>x.Dense(64).Relu()</c> only <c>Relu()</c>.</summary>
    public static Site OfCall(string type, string member, int ordinal) => new(SiteKind.Call, type, ordinal, -1, member);
}

internal enum SiteKind
{
    TypeName,
    Attribute,
    ClassAttribute,
    Argument,
    TypeArgument,
    BaseType,
    Constructor,
    Member,
    Expression,
    Call,
}
