using ModelDsl.Generator.Common;
using ModelDsl.Generator.Layers;
using ModelDsl.Generator.Parsing;
using ModelDsl.Generator.Scalars;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Model specs without C#: <c>new SpecBuilder().Input(4).Layer("Dense", ("units", 3))</c>.</summary>
internal sealed class SpecBuilder
{
    private readonly List<LayerSpec> layers = [];
    private readonly List<BlockSpec> blocks = [];
    private readonly string key;

    public SpecBuilder(string key = "Net") => this.key = key;

    public string Key => key;

    public int Count => layers.Count;

    public IReadOnlyList<LayerSpec> Layers => layers;

    public string Source => SpecSource.Write(Build());

    public SpecBuilder Input(params int[] shape) => Layer("Input", ("shape", new EquatableArray<int>(shape)));

    public SpecBuilder TokenInput(int length, int vocabulary) => Layer("TokenInput", ("length", length), ("vocabulary", vocabulary));

    public SpecBuilder Dense(int units, params (string Name, object Value)[] more) => Layer("Dense", [("units", units), .. more]);

    public SpecBuilder Layer(string kind, params (string Name, object Value)[] arguments) => Composite(kind, [], arguments);

    public SpecBuilder Composite(string kind, string[] blockKeys, params (string Name, object Value)[] arguments)
    {
        layers.Add(new LayerSpec(
            kind,
            arguments.Select(argument => new ArgumentSpec(argument.Name, argument.Value)).ToEquatableArray(),
            new EquatableArray<string>(blockKeys),
            Site.OfAttribute(key, layers.Count + 1)));
        return this;
    }

    public SpecBuilder Block(string name, Action<SpecBuilder> build)
    {
        var block = new SpecBuilder(name);
        build(block);
        blocks.Add(new BlockSpec(name, name, block.layers.ToEquatableArray()));
        return this;
    }

    public SpecBuilder RemoveAfter(int count)
    {
        layers.RemoveRange(count, layers.Count - count);
        return this;
    }

    /// <summary>Takes a layer's position, or stands before it.</summary>
    public SpecBuilder Put(int index, LayerSpec layer, bool replace)
    {
        if (replace) layers[index] = layer;
        else layers.Insert(index, layer);
        return this;
    }

    public SpecBuilder Remove(int index)
    {
        layers.RemoveAt(index);
        return this;
    }

    public static FunctionSpec Function(string name, int parameters, Expr body) => new(name, parameters, body, Site.OfType("Net"));

    public ModelSpec Build() => new(
        new TypeSpec("", EquatableArray<string>.Empty, $"public partial class {key}", key, key),
        layers.ToEquatableArray(),
        blocks.ToEquatableArray(),
        EquatableArray<Problem>.Empty);

    public LoweredModel Lower() => Lowering.Lower(Build());
}
