namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>The result of statements: a returned value, always or under a condition, or none.</summary>
/// <param name="Value">The returned value, or null for none.</param>
/// <param name="When">The condition of the return, or null for always.</param>
internal readonly record struct Outcome<T>(T? Value, T? When)
    where T : class
{
    public static Outcome<T> FellThrough => default;

    public bool AlwaysReturned => Value is not null && When is null;

    public static Outcome<T> Returned(T value) => new(value, null);
}
