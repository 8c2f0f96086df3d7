using System.Globalization;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>Layers and operations of the language on the tensors of a random method.</summary>
/// <param name="random">Decides everything.</param>
/// <param name="body">The method.</param>
internal sealed class RandomOperations(Random random, RandomBody body)
{
    private static readonly string[] Functions =
    [
        "{0}.Relu()", "{0}.Tanh()", "{0}.Gelu()", "{0}.Silu()", "{0}.Sigmoid()", "{0}.Softplus()", "{0}.LeakyRelu(0.2)", "{0}.Elu()", "-{0}", "(0.5 * {0} - 1)", "({0} / 3 + 0.25)",
        "1 / ({0}.Square() + 1)", "({0}.Square() + 1).Sqrt()", "({0}.Abs() + 0.5).Log()", "{0}.Tanh().Exp()", "({0}.Sin() * {0}.Cos())", "({0} * {0}.StopGradient()).Tanh()",
    ];

    public RandomTensor Dense(RandomTensor a)
    {
        var width = RandomBody.Fitting(a, RandomBody.Width(random));
        return body.Let(Any($"{a.Text}.Dense({width}{(random.Next(4) == 0 ? ", useBias: false" : "")})"), [.. a.Sizes[..^1], width]);
    }

    /// <summary>A function of each element.</summary>
    public RandomTensor Pointwise(RandomTensor a) => body.Let(Any(a.Text), a.Sizes);

    /// <summary>Two tensors element by element, of shapes that repeat one another.</summary>
    public RandomTensor Combine(RandomTensor a)
    {
        RandomTensor[] partners = [.. body.Terms.Where(term => term != a && Join(a.Sizes, term.Sizes) is { } joined && joined.Aggregate(1, (product, size) => product * size) <= RandomBody.MostElements)];
        if (partners.Length == 0) return body.Let($"({a.Text} * {a.Text} + {a.Text}).Tanh()", a.Sizes);
        var b = partners[random.Next(partners.Length)];
        body.Read(b);
        var sizes = Join(a.Sizes, b.Sizes)!;
        return random.Next(6) switch
        {
            0 => body.Let($"{a.Text} + {b.Text}", sizes),
            1 => body.Let($"{a.Text} - 0.5 * {b.Text}", sizes),
            2 => body.Let($"{a.Text} / ({b.Text}.Square() + 1)", sizes),
            3 => body.Let($"({a.Text} * {b.Text}).Tanh()", sizes),
            4 => body.Let($"{a.Text}.Sigmoid() * {b.Text} + (1 - {a.Text}.Sigmoid()) * {a.Text}", sizes),
            _ => body.Let($"{a.Text}.SameShape({b.Text}) ? {a.Text} - {b.Text} : {a.Text} + {b.Text}.Tanh()", sizes),
        };
    }

    /// <summary>The sizes of two tensors element by element; null where they do not fit.</summary>
    public int[]? Join(int[] a, int[] b)
    {
        if (body.IsFreeOfRank && a.Length != b.Length) return null;
        var sizes = new int[Math.Max(a.Length, b.Length)];
        for (var back = 1; back <= sizes.Length; back++)
        {
            var (m, n) = (back <= a.Length ? a[^back] : 1, back <= b.Length ? b[^back] : 1);
            if (m != n && m != 1 && n != 1) return null;
            sizes[^back] = Math.Max(m, n);
        }

        return sizes;
    }

    public RandomTensor Concat(RandomTensor a)
    {
        var partners = body.Terms.Where(term => term.Sizes.SkipLast(1).SequenceEqual(a.Sizes.SkipLast(1)) && term.Length + a.Length <= RandomBody.MostElements).ToList();
        var parts = Enumerable.Range(0, random.Next(1, 3)).Select(_ => partners.Count == 0 ? null : partners[random.Next(partners.Count)]).OfType<RandomTensor>().ToList();
        foreach (var part in parts) body.Read(part);
        if (parts.Count == 0) return Dense(a);
        return body.Let($"Tensor.Concat({string.Join(", ", parts.Prepend(a).Select(part => part.Text))})", [.. a.Sizes[..^1], a.Width + parts.Sum(part => part.Width)]);
    }

    /// <summary>With few values in a row the variance may all but vanish, and float32 with it.</summary>
    public RandomTensor Norm(RandomTensor a) => a.Width < 3 ? Dense(a) : random.Next(4) switch
    {
        0 => body.Let($"{a.Text}.LayerNorm(epsilon: 0.01)", a.Sizes),
        1 => body.Let($"{a.Text}.RmsNorm(0.01)", a.Sizes),
        2 => body.Let($"{a.Text}.BatchNorm(epsilon: 0.1{(random.Next(2) == 0 ? ", momentum: 0.3" : "")})", a.Sizes),
        _ => body.Let($"{a.Text}.Softmax()", a.Sizes),
    };

    public RandomTensor Slice(RandomTensor a)
    {
        var (axis, first) = (random.Next(a.Rank), a.Sizes[0]);
        var start = random.Next(a.Sizes[axis]);
        var length = random.Next(1, a.Sizes[axis] - start + 1);
        var dropped = a.Rank == 1 ? [1] : a.Sizes[1..];
        var from = random.Next(first);
        var to = random.Next(from, first) + 1;
        return random.Next(5) switch
        {
            0 => body.Let($"{a.Text}[{from}]", dropped),
            1 => body.Let($"{a.Text}[^{first - from}]", dropped),
            2 => body.Let($"{a.Text}[{from}..{to}]", [to - from, .. a.Sizes[1..]]),
            3 => body.Let($"{a.Text}[{(from == 0 ? "" : from)}..{(to == first ? "" : "^" + (first - to))}]", [to - from, .. a.Sizes[1..]]),
            _ => body.Let($"{a.Text}.Slice({start}, {length}, axis: {(random.Next(2) == 0 ? axis : axis - a.Rank)})", [.. a.Sizes[..axis], length, .. a.Sizes[(axis + 1)..]]),
        };
    }

    public RandomTensor Sum(RandomTensor a)
    {
        var axis = random.Next(a.Rank);
        int[] kept = a.Rank == 1 ? [1] : [.. a.Sizes[..axis], .. a.Sizes[(axis + 1)..]];
        return random.Next(5) switch
        {
            0 => body.Let($"{a.Text} - {a.Text}.Mean()", a.Sizes),
            1 => body.Let($"0.3 * {a.Text}.Sum()", 1),
            2 => body.Let($"{a.Text}.Sum({axis})", kept),
            3 => body.Let($"{a.Text}.Mean({axis - a.Rank})", kept),
            _ => body.Let($"{a.Text}.Mean({axis}).Square() + 1", kept),
        };
    }

    public RandomTensor Reshape(RandomTensor a) => random.Next(4) switch
    {
        0 => body.Let($"{a.Text}.Flatten()", a.Length),
        1 when a.Length % 2 == 0 => body.Let($"{a.Text}.Reshape(2, {a.Length / 2})", 2, a.Length / 2),
        2 when a.Rank == 1 => body.Let($"{a.Text}.Reshape({a.Text}.Channels, 1)", a.Width, 1),
        3 when a.Rank > 1 => body.Let($"{a.Text}.Transpose()", [.. a.Sizes[..^2], a.Width, a.Sizes[^2]]),
        _ when a.Rank > 1 && a.Sizes[0] > 1 && a.Rank < 3 => body.Let($"{a.Text}.Reshape(1, {a.Sizes[0]}, {a.Width})", 1, a.Sizes[0], a.Width),
        _ => body.Let($"{a.Text}.Reshape({string.Join(", ", Enumerable.Reverse(a.Sizes))})", [.. Enumerable.Reverse(a.Sizes)]),
    };

    public RandomTensor Map(RandomTensor a)
    {
        var filters = RandomBody.Fitting(a, RandomBody.Width(random));
        switch (a.Rank, random.Next(4))
        {
            case (3, 0) when a.Sizes[0] > 1 && a.Sizes[1] > 1:
                return body.Let($"{a.Text}.MaxPool2D(2)", a.Sizes[0] / 2, a.Sizes[1] / 2, a.Width);
            case (3, 1) when a.Sizes[0] > 1 && a.Sizes[1] > 1:
                return body.Let($"{a.Text}.Conv2D({filters}, 2).Tanh()", a.Sizes[0] - 1, a.Sizes[1] - 1, filters);
            case (3, 2):
                return body.Let($"{a.Text}.GlobalAveragePool()", a.Width);
            case (3, _):
                return body.Let($"{a.Text}.Conv2D({filters}, 3, padding: Padding.Same).Relu()", a.Sizes[0], a.Sizes[1], filters);
            case (2, 0) when a.Sizes[0] > 1:
                return body.Let($"{a.Text}.AveragePool1D(2)", a.Sizes[0] / 2, a.Width);
            case (2, _):
                return body.Let($"{a.Text}.Conv1D({filters}, 3, padding: Padding.Same)", a.Sizes[0], filters);
            default:
                return Dense(a);
        }
    }

    /// <summary>Positions attend to one another, or to those of another sequence. A tensor of another rank becomes positions of one to four values.</summary>
    public RandomTensor Attend(RandomTensor a)
    {
        if (a.Rank != 2)
        {
            var size = Enumerable.Range(1, 4).Last(size => a.Length % size == 0);
            a = body.Let($"{a.Text}.Reshape({a.Length / size}, {size})", a.Length / size, size);
        }

        int[] counts = [.. Enumerable.Range(1, 4).Where(heads => a.Width % heads == 0)];
        var heads = counts[random.Next(counts.Length)];
        var causal = random.Next(2) == 0 ? ", causal: true" : "";
        RandomTensor[] memories = [.. body.Terms.Where(term => term != a && term.Rank == 2)];
        switch (random.Next(4))
        {
            case 0 when memories.Length > 0:
                var memory = memories[random.Next(memories.Length)];
                body.Read(memory);
                return body.Let($"{a.Text}.CrossAttention({memory.Text}, {heads})", a.Sizes);
            case 1 when a.Width >= 3:
                return body.Let($"{a.Text}.TransformerEncoder({heads}, {RandomBody.Width(random)}{causal}, normFirst: {(random.Next(2) == 0 ? "true" : "false")}, epsilon: 0.1)", a.Sizes);
            case 2:
                var split = $"{a.Text}.Reshape({a.Sizes[0]}, {heads}, {a.Width / heads})";
                return body.Let($"Tensor.Attention({split}, {split}.Tanh(), {split}{causal}{(random.Next(2) == 0 ? ", window: 2" : "")}).Reshape({a.Sizes[0]}, {a.Width})", a.Sizes);
            default:
                return body.Let($"{a.Text}.SelfAttention({heads}{causal}{(random.Next(3) == 0 ? ", alibi: true" : "")}{(random.Next(3) == 0 ? ", keyValueHeads: 1" : "")})", a.Sizes);
        }
    }

    private string Any(string text) => string.Format(CultureInfo.InvariantCulture, Functions[random.Next(Functions.Length)], text);
}
