using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>One instance of a list of layers: the model itself, or a use of a block. Names are unique within it.</summary>
/// <param name="owner">The class that declares the layers, for error messages.</param>
/// <param name="path">The instance's name, beginning with the outermost block; empty for the model.</param>
/// <param name="depth">The number of enclosing blocks.</param>
/// <param name="isFrozen">Whether all its parameters are frozen, even if its layers are not.</param>
internal sealed class BlockScope(string owner, string path, int depth, bool isFrozen = false)
{
    private readonly Dictionary<string, int> counts = [];
    private readonly Dictionary<string, LayerCall> taken = [];

    public string Owner => owner;

    public int Depth => depth;

    /// <summary>Whether it is the model itself.</summary>
    public bool IsModel => path.Length == 0;

    public bool IsFrozen => isFrozen;

    /// <summary>Whether the backward pass computes the activations inside again.</summary>
    public bool IsRecomputed { get; set; }

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>Returns the name that the user gave the layer, or its kind and a number.</summary>
    public string NameOf(LayerCall call)
    {
        var given = call.Word("name", "");
        return given.Length > 0 ? given : Numbered(LayerNames.Camel(call.Kind));
    }

    /// <summary>Claims a name; returns the layer that already has it, if there is one.</summary>
    public LayerCall? Claim(string name, LayerCall call)
    {
        if (taken.TryGetValue(name, out var other)) return other;
        taken.Add(name, call);
        return null;
    }

    /// <summary>Returns a name with the next unused number.</summary>
    public string Numbered(string stem)
    {
        string name;
        do
        {
            counts[stem] = (counts.TryGetValue(stem, out var count) ? count : 0) + 1;
            name = stem + counts[stem].ToString(LayerNames.Invariant);
        }
        while (taken.ContainsKey(name));
        return name;
    }
}
