namespace ModelDsl;

/// <summary>The base class of all layer attributes. Do not derive from it in other assemblies: the compiler supports only its own
/// layers.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LayerAttribute : Attribute
{
    private protected LayerAttribute()
    {
    }

    /// <summary>
    /// The layer's name in summaries, error messages, parameter names and files. By default it is the kind of the layer and a number, such
    /// as <c>dense1</c>.
    /// </summary>
    public string Name { get; set; } = "";
}
