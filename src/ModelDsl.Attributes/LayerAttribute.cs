namespace ModelDsl;

/// <summary>What all layer attributes share. Not meant to be derived from outside this assembly: the compiler knows only its own
/// layers.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LayerAttribute : Attribute
{
    private protected LayerAttribute()
    {
    }

    /// <summary>
    /// The layer's name in summaries, error messages, parameter names and files. Left out, it is the kind of the layer and a number, such
    /// as <c>dense1</c>.
    /// </summary>
    public string Name { get; set; } = "";
}
