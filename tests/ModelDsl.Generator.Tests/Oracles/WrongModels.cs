using ModelDsl.Generator.Common;
using ModelDsl.Generator.Parsing;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Random models with exactly one mistake each.</summary>
internal static class WrongModels
{
    private static readonly (string Id, Action<SpecBuilder, Random> Spoil)[] Mistakes =
    [
        ("MDSL0020", (model, _) => model.Remove(0)),
        ("MDSL0023", (model, _) => model.Remove(model.Count - 1)),
        ("MDSL0022", (model, random) => Insert(model, random, "Input", ("shape", new EquatableArray<int>([3])))),
        ("MDSL0025", (model, random) => Insert(model, random, "Huber")),
        ("MDSL0010", (model, random) => Insert(model, random, "Dense", ("units", -random.Next(3)))),
        ("MDSL0010", (model, random) => Insert(model, random, "Dropout", ("rate", 1 + random.NextDouble()))),
        ("MDSL0010", (model, random) => Insert(model, random, "LayerNorm", ("epsilon", -1.0))),
        ("MDSL0010", (model, random) => Insert(model, random, "RmsNorm", ("epsilon", 0.0))),
        ("MDSL0010", (model, random) => Insert(model, random, "BatchNorm", ("momentum", -0.1))),
        ("MDSL0010", (model, random) => Insert(model, random, "GroupNorm", ("groups", 0))),
        ("MDSL0011", (model, random) => Insert(model, random, "GroupNorm", ("groups", 9973))),
        ("MDSL0010", (model, random) => Insert(model, random, "Dropout2D", ("rate", -1.0))),
        ("MDSL0010", (model, random) => Insert(model, random, "UpSample2D", ("factor", 0))),
        ("MDSL0010", (model, random) => Insert(model, random, "Pad", ("padding", new EquatableArray<int>([-3])))),
        ("MDSL0010", (model, random) => Insert(model, random, "Dense", ("units", 3), ("biasInitializer", "GlorotUniform"))),
        ("MDSL0010", (model, random) => Insert(model, random, "Dense", ("units", 3), ("kernelInitializer", "Normal"), ("initScale", -0.5))),
        ("MDSL0010", (model, random) => Insert(model, random, "Reshape", ("shape", new EquatableArray<int>([2, 0])))),
        ("MDSL0010", (model, _) => model.Put(model.Count - 1, Layer(model, "Huber", ("delta", 0.0)), replace: true)),
        ("MDSL0010", (model, _) => model.Put(model.Count - 1, Layer(model, "BinaryCrossEntropy", ("labelSmoothing", 1.0)), replace: true)),
        ("MDSL0011", (model, random) => Insert(model, random, "Embedding", ("width", 4))),
        ("MDSL0012", (model, random) => Insert(model, random, "Reshape", ("shape", new EquatableArray<int>([7919, 3])))),
        ("MDSL0016", (model, random) => Insert(model, random, "Dense", ("units", 2_000_000_000))),
        ("MDSL0034", (model, random) => Insert(model, random, "Tanh", ("name", "no name"))),
        ("MDSL0033", (model, random) =>
        {
            Insert(model, random, "Tanh", ("name", "twin"));
            Insert(model, random, "Relu", ("name", "twin"));
        }),
        ("MDSL0013", (model, random) =>
        {
            model.Block("Widening", block => block.Dense(997));
            InsertComposite(model, random, "Residual", ["Widening"]);
        }),
        ("MDSL0014", (model, random) =>
        {
            model.Block("Wide", block => block.Dense(5)).Block("Narrow", block => block.Dense(2).Layer("Tanh"));
            InsertComposite(model, random, "Parallel", ["Wide", "Narrow"], ("merge", "Add"));
        }),
        ("MDSL0026", (model, random) =>
        {
            model.Block("Lossy", block => block.Dense(5).Layer("MeanSquaredError"));
            InsertComposite(model, random, "Apply", ["Lossy"]);
        }),
        ("MDSL0031", (model, random) =>
        {
            model.Block("Outer", block => block.Composite("Apply", ["Inner"])).Block("Inner", block => block.Composite("Residual", ["Outer"]));
            InsertComposite(model, random, "Apply", ["Outer"]);
        }),
        ("MDSL0015", (model, _) =>
        {
            model.Put(model.Count - 1, Layer(model, "Dense", ("units", 991)), replace: true);
            model.Layer("MeanAbsoluteError", ("target", "Input"));
        }),
        ("MDSL0015", (model, _) =>
        {
            model.Put(model.Count - 1, Layer(model, "Dense", ("units", 1)), replace: true);
            model.Layer("SoftmaxCrossEntropy");
        }),
    ];

    /// <summary>Mistakes in recurrent layers, which stand where a sequence is.</summary>
    private static readonly (string Id, string Kind, (string, object)[] Arguments)[] InRecurrences =
    [
        ("MDSL0010", "Lstm", [("units", 0)]),
        ("MDSL0010", "Gru", [("units", 4), ("layers", 0)]),
        ("MDSL0010", "SimpleRnn", [("units", 4), ("layers", 2), ("dropout", 1.0)]),
        ("MDSL0010", "Lstm", [("units", 3), ("dropout", -0.1), ("returnSequences", true)]),
        ("MDSL0016", "Gru", [("units", 1_000_000_000), ("bidirectional", true)]),
        ("MDSL0034", "SimpleRnn", [("units", 2), ("returnSequences", true), ("name", "no name")]),
    ];

    /// <summary>A model with one mistake, and the id that names it.</summary>
    public static (SpecBuilder Model, string Id) Next(int seed)
    {
        var random = new Random(seed);
        var (id, spoil) = Mistakes[seed % Mistakes.Length];
        var model = RandomModels.Valid(seed);
        spoil(model, random);
        return (model, id);
    }

    /// <summary>A model with recurrences that has one mistake, in one of them or after them.</summary>
    public static (SpecBuilder Model, string Id) NextRecurrent(int seed)
    {
        var random = new Random(seed);
        var model = RandomRecurrences.Valid(seed);
        var number = seed % (InRecurrences.Length + 1);
        if (number == InRecurrences.Length)
        {
            // Behind what has made one value of all positions there are none.
            model.Put(model.Count - 1, Layer(model, "Flatten"), replace: false);
            model.Put(model.Count - 1, Layer(model, "Lstm", ("units", 3)), replace: false);
            return (model, "MDSL0011");
        }

        var (id, kind, arguments) = InRecurrences[number];
        Place(model, random, Layer(model, kind, arguments), last: FirstRecurrent(model) + 1);
        return (model, id);
    }

    private static int FirstRecurrent(SpecBuilder model) => model.Layers.ToList().FindIndex(layer => layer.Kind is "Lstm" or "Gru" or "SimpleRnn");

    // After the input (and its embedding), before the loss.
    private static void Insert(SpecBuilder model, Random random, string kind, params (string, object)[] arguments) =>
        Place(model, random, Layer(model, kind, arguments));

    private static void InsertComposite(SpecBuilder model, Random random, string kind, string[] blocks, params (string, object)[] arguments) =>
        Place(model, random, Layer(model, kind, arguments) with { Blocks = new EquatableArray<string>(blocks) });

    private static void Place(SpecBuilder model, Random random, LayerSpec layer, int? last = null)
    {
        var first = model.Layers[0].Kind == "TokenInput" ? 2 : 1;
        model.Put(random.Next(first, last ?? model.Count), layer, replace: false);
    }

    private static LayerSpec Layer(SpecBuilder model, string kind, params (string Name, object Value)[] arguments) => new(
        kind,
        arguments.Select(argument => new ArgumentSpec(argument.Name, argument.Value)).ToEquatableArray(),
        EquatableArray<string>.Empty,
        Site.OfAttribute(model.Key, model.Count + 100));
}
