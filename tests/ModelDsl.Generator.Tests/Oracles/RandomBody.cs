using System.Text;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>A method of a random model, statement by statement: every step makes a tensor of those there are, mostly of several.</summary>
/// <param name="random">Decides everything.</param>
/// <param name="members">The members of the class it stands in.</param>
/// <param name="given">Its parameters.</param>
internal sealed class RandomBody(Random random, RandomMembers members, IEnumerable<RandomTensor> given)
{
    private const int MostElements = 240;
    private static readonly int[] Widths = [1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 16, 17, 19];

    private static readonly string[] Pointwise =
    [
        "{0}.Relu()", "{0}.Tanh()", "{0}.Gelu()", "{0}.Silu()", "{0}.Sigmoid()", "{0}.Softplus()", "{0}.LeakyRelu(0.2)", "{0}.Elu()", "-{0}", "(0.5 * {0} - 1)", "({0} / 3 + 0.25)",
        "1 / ({0}.Square() + 1)", "({0}.Square() + 1).Sqrt()", "({0}.Abs() + 0.5).Log()", "{0}.Tanh().Exp()", "({0}.Sin() * {0}.Cos())", "({0} * {0}.StopGradient()).Tanh()",
    ];

    private readonly StringBuilder statements = new();
    private readonly List<RandomTensor> terms = [.. given];
    private readonly HashSet<string> read = [];
    private int names;

    /// <summary>Whether the axes before the last are not known, as in a block.</summary>
    public bool IsFreeOfRank { get; init; }

    /// <summary>Whether there is a parameter <c>bool training</c>, once it is needed; null where there cannot be one.</summary>
    public bool? KnowsTraining { get; set; }

    public string Statements => statements.ToString();

    public IReadOnlyList<RandomTensor> Terms => terms;

    public RandomTensor Last => terms[^1];

    public static int Width(Random random) => Widths[random.Next(Widths.Length)];

    public void Step()
    {
        var (a, kinds) = (Pick(), IsFreeOfRank ? 8 : 18);
        _ = random.Next(kinds) switch
        {
            0 or 1 => Dense(a),
            2 => Let(Any(a.Text), a.Sizes),
            3 or 4 => Combine(a),
            5 => Concat(a),
            6 => Again(a),
            7 => Norm(a),
            8 => Slice(a),
            9 => Sum(a),
            10 => Reshape(a),
            11 => MatMul(a),
            12 => Call(a),
            13 => Map(a),
            14 => OnlyInTraining(a),
            15 => Block(a),
            _ => Apply(a),
        };
    }

    /// <summary>One more tensor, which reads all that nothing has read so far.</summary>
    public void Gather()
    {
        var last = Last;
        string[] left = [.. terms.Where(term => term != last && !read.Contains(term.Text)).Select(term => term.Text)];
        foreach (var name in left) read.Add(name);
        if (left.Length > 0) Let($"{last.Text} + 0.2 * ({string.Join(" - ", left.Select(name => IsFreeOfRank ? $"{name}.Dense(1)" : $"{name}.Mean()"))})", last.Sizes);
    }

    /// <summary>Mostly one of the last tensors, but sometimes any.</summary>
    public RandomTensor Pick()
    {
        var term = terms[random.Next(3) == 0 ? random.Next(terms.Count) : Math.Max(0, terms.Count - 1 - random.Next(3))];
        read.Add(term.Text);
        return term;
    }

    public RandomTensor Let(string value, params int[] sizes)
    {
        var name = $"v{++names}";
        statements.Append($"var {name} = {value};\n");
        terms.Add(new RandomTensor(name, sizes));
        return Last;
    }

    /// <summary>Applies the shared block, to what has its width after a layer of its own.</summary>
    public RandomTensor Apply(RandomTensor a, SharedBlock field)
    {
        var fit = a.Width == field.Input ? a.Text : $"{a.Text}.Dense({field.Input})";
        return Let($"{fit}.Apply({field.Name})", [.. a.Sizes[..^1], field.Output]);
    }

    private RandomTensor Dense(RandomTensor a)
    {
        var width = Fitting(a, Width(random));
        return Let(Any($"{a.Text}.Dense({width}{(random.Next(4) == 0 ? ", useBias: false" : "")})"), [.. a.Sizes[..^1], width]);
    }

    private string Any(string text) => string.Format(System.Globalization.CultureInfo.InvariantCulture, Pointwise[random.Next(Pointwise.Length)], text);

    private static int Fitting(RandomTensor a, int width) => Math.Max(1, Math.Min(width, MostElements * a.Width / a.Length));

    /// <summary>Two tensors element by element, of shapes that repeat one another.</summary>
    private RandomTensor Combine(RandomTensor a)
    {
        RandomTensor[] partners = [.. terms.Where(term => term != a && Join(a.Sizes, term.Sizes) is { } joined && joined.Aggregate(1, (product, size) => product * size) <= MostElements)];
        if (partners.Length == 0) return Let($"({a.Text} * {a.Text} + {a.Text}).Tanh()", a.Sizes);
        var b = partners[random.Next(partners.Length)];
        read.Add(b.Text);
        var sizes = Join(a.Sizes, b.Sizes)!;
        return random.Next(6) switch
        {
            0 => Let($"{a.Text} + {b.Text}", sizes),
            1 => Let($"{a.Text} - 0.5 * {b.Text}", sizes),
            2 => Let($"{a.Text} / ({b.Text}.Square() + 1)", sizes),
            3 => Let($"({a.Text} * {b.Text}).Tanh()", sizes),
            4 => Let($"{a.Text}.Sigmoid() * {b.Text} + (1 - {a.Text}.Sigmoid()) * {a.Text}", sizes),
            _ => Let($"{a.Text}.SameShape({b.Text}) ? {a.Text} - {b.Text} : {a.Text} + {b.Text}.Tanh()", sizes),
        };
    }

    /// <summary>The sizes of two tensors element by element; null where they do not fit.</summary>
    private int[]? Join(int[] a, int[] b)
    {
        if (IsFreeOfRank && a.Length != b.Length) return null;
        var sizes = new int[Math.Max(a.Length, b.Length)];
        for (var back = 1; back <= sizes.Length; back++)
        {
            var (m, n) = (back <= a.Length ? a[^back] : 1, back <= b.Length ? b[^back] : 1);
            if (m != n && m != 1 && n != 1) return null;
            sizes[^back] = Math.Max(m, n);
        }

        return sizes;
    }

    private RandomTensor Concat(RandomTensor a)
    {
        var partners = terms.Where(term => term.Sizes.SkipLast(1).SequenceEqual(a.Sizes.SkipLast(1)) && term.Length + a.Length <= MostElements).ToList();
        var parts = Enumerable.Range(0, random.Next(1, 3)).Select(_ => partners.Count == 0 ? null : partners[random.Next(partners.Count)]).OfType<RandomTensor>().ToList();
        foreach (var part in parts) read.Add(part.Text);
        if (parts.Count == 0) return Dense(a);
        return Let($"Tensor.Concat({string.Join(", ", parts.Prepend(a).Select(part => part.Text))})", [.. a.Sizes[..^1], a.Width + parts.Sum(part => part.Width)]);
    }

    /// <summary>Control flow over what is known at build time.</summary>
    private RandomTensor Again(RandomTensor a)
    {
        var width = Fitting(a, Width(random));
        var name = $"v{names + 1}";
        switch (random.Next(6))
        {
            case 0:
                Let(a.Text, a.Sizes);
                statements.Append($"for (int i = 0; i < {random.Next(1, 4)}; i++) {name} = {name} + {name}.Dense({name}.Channels).Tanh() / (i + 1);\n");
                return Last;
            case 1:
                Let(a.Text, [.. a.Sizes[..^1], width]);
                statements.Append($"foreach (var width in new[] {{ {Fitting(a, Width(random))}, {width} }}) {{ if (width > 99) continue; {name} = {name}.Dense(width).Silu(); }}\n");
                return Last;
            case 2:
                var narrow = a.Width;
                while (narrow > 3) narrow /= 2;
                Let(a.Text, [.. a.Sizes[..^1], narrow]);
                statements.Append($"while ({name}.Channels > 3) {name} = {name}.Dense({name}.Channels / 2).Tanh();\n");
                return Last;
            case 3:
                Let(a.Text, a.Sizes);
                statements.Append($"if ({name}.Channels % 2 == 0 && {name}.Rank < 9) {name} = {name}.Tanh(); else if (!{name}.SameShape({a.Text})) {name} = -{name}; else {name} = {name}.Sin();\n");
                return Last;
            case 4:
                return Let($"{members.Recursion()}({a.Text}, {random.Next(3)})", a.Sizes);
            default:
                statements.Append($"var (left{names}, right{names}) = ({a.Text}.Tanh(), {a.Text}.Dense({a.Text}.Channels));\n(left{names}, right{names}) = (right{names}, left{names});\n");
                statements.Append($"var pair{names} = (first: left{names}, second: right{names});\n");
                return Let($"pair{names}.first - 0.5 * pair{names}.second", a.Sizes);
        }
    }

    /// <summary>With few values in a row the variance may all but vanish, and float32 with it.</summary>
    private RandomTensor Norm(RandomTensor a) => a.Width < 3 ? Dense(a) : random.Next(4) switch
    {
        0 => Let($"{a.Text}.LayerNorm(epsilon: 0.01)", a.Sizes),
        1 => Let($"{a.Text}.RmsNorm(0.01)", a.Sizes),
        2 => Let($"{a.Text}.BatchNorm(epsilon: 0.1{(random.Next(2) == 0 ? ", momentum: 0.3" : "")})", a.Sizes),
        _ => Let($"{a.Text}.Softmax()", a.Sizes),
    };

    private RandomTensor Slice(RandomTensor a)
    {
        var (axis, first) = (random.Next(a.Rank), a.Sizes[0]);
        var start = random.Next(a.Sizes[axis]);
        var length = random.Next(1, a.Sizes[axis] - start + 1);
        var dropped = a.Rank == 1 ? [1] : a.Sizes[1..];
        var from = random.Next(first);
        var to = random.Next(from, first) + 1;
        return random.Next(5) switch
        {
            0 => Let($"{a.Text}[{from}]", dropped),
            1 => Let($"{a.Text}[^{first - from}]", dropped),
            2 => Let($"{a.Text}[{from}..{to}]", [to - from, .. a.Sizes[1..]]),
            3 => Let($"{a.Text}[{(from == 0 ? "" : from)}..{(to == first ? "" : "^" + (first - to))}]", [to - from, .. a.Sizes[1..]]),
            _ => Let($"{a.Text}.Slice({start}, {length}, axis: {(random.Next(2) == 0 ? axis : axis - a.Rank)})", [.. a.Sizes[..axis], length, .. a.Sizes[(axis + 1)..]]),
        };
    }

    private RandomTensor Sum(RandomTensor a)
    {
        var axis = random.Next(a.Rank);
        int[] kept = a.Rank == 1 ? [1] : [.. a.Sizes[..axis], .. a.Sizes[(axis + 1)..]];
        return random.Next(5) switch
        {
            0 => Let($"{a.Text} - {a.Text}.Mean()", a.Sizes),
            1 => Let($"0.3 * {a.Text}.Sum()", 1),
            2 => Let($"{a.Text}.Sum({axis})", kept),
            3 => Let($"{a.Text}.Mean({axis - a.Rank})", kept),
            _ => Let($"{a.Text}.Mean({axis}).Square() + 1", kept),
        };
    }

    private RandomTensor Reshape(RandomTensor a) => random.Next(4) switch
    {
        0 => Let($"{a.Text}.Flatten()", a.Length),
        1 when a.Length % 2 == 0 => Let($"{a.Text}.Reshape(2, {a.Length / 2})", 2, a.Length / 2),
        2 when a.Rank == 1 => Let($"{a.Text}.Reshape({a.Text}.Channels, 1)", a.Width, 1),
        3 when a.Rank > 1 => Let($"{a.Text}.Transpose()", [.. a.Sizes[..^2], a.Width, a.Sizes[^2]]),
        _ when a.Rank > 1 && a.Sizes[0] > 1 && a.Rank < 3 => Let($"{a.Text}.Reshape(1, {a.Sizes[0]}, {a.Width})", 1, a.Sizes[0], a.Width),
        _ => Let($"{a.Text}.Reshape({string.Join(", ", Enumerable.Reverse(a.Sizes))})", [.. Enumerable.Reverse(a.Sizes)]),
    };

    private RandomTensor MatMul(RandomTensor a)
    {
        switch (random.Next(4))
        {
            case 0 when a.Rank > 1 && a.Length / a.Width * a.Sizes[^2] <= MostElements:
                return Let($"{a.Text}.MatMul({a.Text}.Tanh().Transpose())", [.. a.Sizes[..^1], a.Sizes[^2]]);
            case 1:
                return Let($"{a.Text} * {members.Weight(a.Width)} + {members.Weight(a.Width)}.Square()", a.Sizes);
            default:
                var (matrix, columns) = members.Matrix(a.Width);
                return columns > Fitting(a, columns) ? Sum(a) : Let($"{a.Text}.MatMul({matrix})", [.. a.Sizes[..^1], columns]);
        }
    }

    private RandomTensor Call(RandomTensor a)
    {
        var b = Pick();
        if (random.Next(2) == 0)
        {
            var (name, sizes) = members.Method([a.Sizes, b.Sizes], 1);
            var first = Let($"{name}({a.Text}, b: {b.Text})", sizes[0]);
            return random.Next(2) == 0 ? first : Let($"{first.Text} - {name}({a.Text}.Tanh(), {b.Text})", sizes[0]);
        }

        var (method, pair) = members.Method([a.Sizes], 2);
        statements.Append($"var (v{names + 1}, v{names + 2}) = {method}({a.Text});\n");
        terms.AddRange([new($"v{names + 1}", pair[0]), new($"v{names + 2}", pair[1])]);
        names += 2;
        return Last;
    }

    private RandomTensor Map(RandomTensor a)
    {
        var filters = Fitting(a, Width(random));
        switch (a.Rank, random.Next(4))
        {
            case (3, 0) when a.Sizes[0] > 1 && a.Sizes[1] > 1:
                return Let($"{a.Text}.MaxPool2D(2)", a.Sizes[0] / 2, a.Sizes[1] / 2, a.Width);
            case (3, 1) when a.Sizes[0] > 1 && a.Sizes[1] > 1:
                return Let($"{a.Text}.Conv2D({filters}, 2).Tanh()", a.Sizes[0] - 1, a.Sizes[1] - 1, filters);
            case (3, 2):
                return Let($"{a.Text}.GlobalAveragePool()", a.Width);
            case (3, _):
                return Let($"{a.Text}.Conv2D({filters}, 3, padding: Padding.Same).Relu()", a.Sizes[0], a.Sizes[1], filters);
            case (2, 0) when a.Sizes[0] > 1:
                return Let($"{a.Text}.AveragePool1D(2)", a.Sizes[0] / 2, a.Width);
            case (2, _):
                return Let($"{a.Text}.Conv1D({filters}, 3, padding: Padding.Same)", a.Sizes[0], filters);
            default:
                return Dense(a);
        }
    }

    private RandomTensor OnlyInTraining(RandomTensor a)
    {
        if (KnowsTraining is null) return Let($"{a.Text}.Tanh()", a.Sizes);
        KnowsTraining = true;
        return random.Next(3) switch
        {
            0 => Let($"training ? {a.Text} + 0.1 * Tensor.Normal(like: {a.Text}) : {a.Text}", a.Sizes),
            1 => Let($"training ? {a.Text}.Dropout(0.3) : {a.Text}", a.Sizes),
            _ => Let($"{a.Text}.Dropout(0.25)", a.Sizes),
        };
    }

    private RandomTensor Block(RandomTensor a)
    {
        var b = Pick();
        var width = Fitting(a, Width(random));
        switch (random.Next(3))
        {
            case 0:
                return Let($"{a.Text}.Apply(new {members.Gate()}({random.Next(1, 4)} * 0.25), {b.Text}.Flatten())", a.Sizes);
            case 1:
                // One set of weights, applied again and again.
                var (cell, name) = (members.NewBlock(a.Width), $"v{names + 1}");
                statements.Append($"var cell{names} = new {cell}({a.Width});\n");
                var loop = $"for (int i = 0; i < {random.Next(2, 4)}; i++) {name} = {name}.Apply(cell{names}).Tanh();\n";
                Let(a.Text, a.Sizes);
                statements.Append(loop);
                return Last;
            default:
                return Let($"{a.Text}.Apply(new {members.NewBlock(a.Width)}({width}))", [.. a.Sizes[..^1], width]);
        }
    }

    private RandomTensor Apply(RandomTensor a)
    {
        if (members.Fields.Count == 0) return Dense(a);
        var field = members.Fields[random.Next(members.Fields.Count)];
        if (random.Next(2) == 0) return Apply(a, field);
        var (left, right) = (Apply(a, field), Apply(Pick(), field));
        if (Join(left.Sizes, right.Sizes) is not { } sizes) return right;
        read.Add(left.Text);
        read.Add(right.Text);
        return Let($"({left.Text} - {right.Text}).Square()", sizes);
    }
}
