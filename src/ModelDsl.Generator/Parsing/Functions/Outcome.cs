namespace ModelDsl.Generator.Parsing.Functions;

/// <summary>How statements ended: having returned a value always, under a condition, or never.</summary>
/// <param name="Value">What was returned, or null for never.</param>
/// <param name="When">The condition under which it was, or null for always.</param>
internal readonly record struct Outcome<T>(T? Value, T? When)
    where T : class
{
    public static Outcome<T> FellThrough => default;

    public bool AlwaysReturned => Value is not null && When is null;

    public static Outcome<T> Returned(T value) => new(value, null);
}
