namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>A tensor as an expression of a <c>Forward</c>, and the sizes of one sample of it.</summary>
internal sealed record RandomTensor(string Text, int[] Sizes)
{
    public int Width => Sizes[^1];

    public int Rank => Sizes.Length;

    public int Length => Sizes.Aggregate(1, (product, size) => product * size);
}

/// <summary>A field that holds a block: one set of weights.</summary>
internal sealed record SharedBlock(string Name, int Input, int Output);

/// <summary>The declarations of a random model in addition to its Forward and its losses: blocks, fields, weights, helper methods.</summary>
internal sealed class RandomMembers(Random random)
{
    private static readonly string[] Inits = ["Default", "GlorotNormal", "HeUniform", "Normal", "Ones"];

    private readonly List<string> sources = [];
    private readonly List<(string Name, int[] Shape)> weights = [];
    private int methods;
    private bool hasGate;
    private bool hasRecursion;

    public IEnumerable<string> Sources => sources;

    public List<SharedBlock> Fields { get; } = [];

    /// <summary>A block of its own kind in a field; who applies it, applies the same weights.</summary>
    public SharedBlock Field(bool isFrozen = false)
    {
        var (input, output) = (RandomBody.Width(random), RandomBody.Width(random));
        var (type, name) = (NewBlock(input), $"field{Fields.Count + 1}");
        sources.Add($"{(isFrozen ? "[Frozen] " : "")}private readonly {type} {(random.Next(3) == 0 ? "_" : "")}{name} = new({output});");
        var field = new SharedBlock(sources[^1].Contains(" _", StringComparison.Ordinal) ? "_" + name : name, input, output);
        Fields.Add(field);
        return field;
    }

    /// <summary>A block whose parameter is the width it gives, for values of the given width and any other axes.</summary>
    public string NewBlock(int input)
    {
        var name = $"Part{sources.Count + 1}";
        if (random.Next(4) == 0)
        {
            // It contains itself: a block inside a block inside a block.
            sources.Add($$"""
                [Block]
                private sealed partial class {{name}}(int width, int levels = 2)
                {
                    private Tensor Forward(Tensor x)
                    {
                        var skip = x.Dense(width).Tanh();
                        if (levels == 0) return skip;
                        var below = skip.Apply(new {{name}}(width / 2 + 1, levels - 1));
                        return Tensor.Concat(skip, below.Dense(width).Relu()).Dense(width);
                    }
                }
                """);
            return name;
        }

        // Its members are its own: what it says binds in its class alone.
        var own = new RandomMembers(random);
        var body = new RandomBody(random, own, [new("x", [input])]) { IsFreeOfRank = true };
        for (var i = random.Next(1, 4); i > 0; i--) body.Step();
        body.Gather();
        sources.Add(
            $"[Block]\nprivate sealed partial class {name}(int width, bool norm = false)\n{{\n{string.Concat(own.Sources.Select(member => member + "\n"))}" +
            $"private Tensor Forward(Tensor x)\n{{\n{body.Statements}var last = {body.Last.Text}.Dense(width);\nreturn norm ? last.RmsNorm() : last;\n}}\n}}");
        return name;
    }

    /// <summary>A block of two tensors: a gate that one opens for the other.</summary>
    public string Gate()
    {
        const string Name = "Gate";
        if (!hasGate)
        {
            hasGate = true;
            sources.Add($$"""
                [Block]
                private sealed partial class {{Name}}(double scale)
                {
                    private Tensor Forward(Tensor x, Tensor condition) =>
                        (x * condition.Dense(x.Channels).Sigmoid()) + (scale * condition.Dense(x.Channels, useBias: false));
                }
                """);
        }

        return Name;
    }

    /// <summary>A weight of a shape, often one that is there already.</summary>
    public string Weight(params int[] shape)
    {
        var known = weights.Find(weight => weight.Shape.SequenceEqual(shape));
        if (known.Name is not null && random.Next(4) > 0) return known.Name;
        var name = $"Weight{weights.Count + 1}";
        weights.Add((name, shape));
        sources.Add($"[Weight({string.Join(", ", shape)}, Init = Init.{Inits[random.Next(Inits.Length)]})] private partial Tensor {name} {{ get; }}");
        return name;
    }

    /// <summary>A matrix that has the given number of rows, and how many columns; perhaps another one, transposed.</summary>
    public (string Text, int Columns) Matrix(int rows)
    {
        var transposed = weights.Find(weight => weight.Shape.Length == 2 && weight.Shape[1] == rows);
        if (transposed.Name is not null && random.Next(2) == 0) return (transposed.Name + ".Transpose()", transposed.Shape[0]);
        var columns = RandomBody.Width(random);
        return (Weight(rows, columns), columns);
    }

    /// <summary>A method of tensors of these sizes that gives one tensor, or several as a tuple.</summary>
    public (string Name, int[][] Sizes) Method(IReadOnlyList<int[]> given, int results)
    {
        var name = $"Helper{++methods}";
        var body = new RandomBody(random, this, [.. given.Select((sizes, index) => new RandomTensor("abc"[index].ToString(), sizes))]);
        for (var i = 0; i < results; i++) body.Step();
        RandomTensor[] last = [.. body.Terms.TakeLast(results)];
        var type = results == 1 ? "Tensor" : $"({string.Join(", ", last.Select(_ => "Tensor"))})";
        var result = results == 1 ? last[0].Text : $"({string.Join(", ", last.Select(term => term.Text))})";
        sources.Add(
            $"private {type} {name}({string.Join(", ", given.Select((_, index) => "Tensor " + "abc"[index]))})\n{{\n{body.Statements}return {result};\n}}");
        return (name, [.. last.Select(term => term.Sizes)]);
    }

    /// <summary>A method that calls itself, as often as a constant says.</summary>
    public string Recursion()
    {
        const string Name = "Again";
        if (!hasRecursion)
        {
            hasRecursion = true;
            sources.Add($"private static Tensor {Name}(Tensor x, int times) => times == 0 ? x : {Name}(x + 0.5 * x.Dense(x.Channels).Tanh(), times - 1);");
        }

        return Name;
    }
}
