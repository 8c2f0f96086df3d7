using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Layers;

/// <summary>One instance of a list of layers: the model itself, or a use of a block. Names are counted within it.</summary>
/// <param name="owner">The class whose layers they are, for messages.</param>
/// <param name="path">The instance's name from the outermost block on; empty for the model.</param>
/// <param name="depth">How many blocks it stands in.</param>
/// <param name="isFrozen">Whether its parameters stay as they are, whatever its layers say.</param>
internal sealed class BlockScope(string owner, string path, int depth, bool isFrozen = false)
{
    private readonly Dictionary<string, int> counts = [];
    private readonly Dictionary<string, LayerCall> taken = [];

    public string Owner => owner;

    public int Depth => depth;

    /// <summary>Whether it is the model itself.</summary>
    public bool IsModel => path.Length == 0;

    public bool IsFrozen => isFrozen;

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The name the user gave the layer, or its kind with a running number.</summary>
    public string NameOf(LayerCall call)
    {
        var given = call.Word("name", "");
        return given.Length > 0 ? given : Numbered(Names.Camel(call.Kind));
    }

    /// <summary>Claims a name; the layer that already has it, if there is one.</summary>
    public LayerCall? Claim(string name, LayerCall call)
    {
        if (taken.TryGetValue(name, out var other)) return other;
        taken.Add(name, call);
        return null;
    }

    /// <summary>The stem with the next number that is free.</summary>
    public string Numbered(string stem)
    {
        string name;
        do
        {
            counts[stem] = (counts.TryGetValue(stem, out var count) ? count : 0) + 1;
            name = stem + counts[stem].ToString(Names.Invariant);
        }
        while (taken.ContainsKey(name));
        return name;
    }
}
