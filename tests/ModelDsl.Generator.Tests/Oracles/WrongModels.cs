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

    /// <summary>A model with one mistake, and the id that names it.</summary>
    public static (SpecBuilder Model, string Id) Next(int seed)
    {
        var random = new Random(seed);
        var (id, spoil) = Mistakes[seed % Mistakes.Length];
        var model = RandomModels.Valid(seed);
        spoil(model, random);
        return (model, id);
    }

    // After the input (and its embedding), before the loss.
    private static void Insert(SpecBuilder model, Random random, string kind, params (string, object)[] arguments) =>
        Place(model, random, Layer(model, kind, arguments));

    private static void InsertComposite(SpecBuilder model, Random random, string kind, string[] blocks, params (string, object)[] arguments) =>
        Place(model, random, Layer(model, kind, arguments) with { Blocks = new EquatableArray<string>(blocks) });

    private static void Place(SpecBuilder model, Random random, LayerSpec layer)
    {
        var first = model.Layers[0].Kind == "TokenInput" ? 2 : 1;
        model.Put(random.Next(first, model.Count), layer, replace: false);
    }

    private static LayerSpec Layer(SpecBuilder model, string kind, params (string Name, object Value)[] arguments) => new(
        kind,
        arguments.Select(argument => new ArgumentSpec(argument.Name, argument.Value)).ToEquatableArray(),
        EquatableArray<string>.Empty,
        Site.OfAttribute(model.Key, model.Count + 100));
}
