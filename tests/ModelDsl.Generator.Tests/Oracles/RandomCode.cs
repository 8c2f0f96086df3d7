namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>The C# of a random method in addition to its operations: control flow over values that are known at build time, and uses of other members.</summary>
/// <param name="random">Decides everything.</param>
/// <param name="members">The members of the class the method stands in.</param>
/// <param name="body">The method.</param>
/// <param name="operations">Operations on its tensors.</param>
internal sealed class RandomCode(Random random, RandomMembers members, RandomBody body, RandomOperations operations)
{
    /// <summary>Loops, conditions, a recursion, a tuple.</summary>
    public RandomTensor Again(RandomTensor a)
    {
        var width = RandomBody.Fitting(a, RandomBody.Width(random));
        var name = body.NextName;
        switch (random.Next(6))
        {
            case 0:
                body.Let(a.Text, a.Sizes);
                body.Write($"for (int i = 0; i < {random.Next(1, 4)}; i++) {name} = {name} + {name}.Dense({name}.Channels).Tanh() / (i + 1);");
                return body.Last;
            case 1:
                body.Let(a.Text, [.. a.Sizes[..^1], width]);
                body.Write($"foreach (var width in new[] {{ {RandomBody.Fitting(a, RandomBody.Width(random))}, {width} }}) {{ if (width > 99) continue; {name} = {name}.Dense(width).Silu(); }}");
                return body.Last;
            case 2:
                var narrow = a.Width;
                while (narrow > 3) narrow /= 2;
                body.Let(a.Text, [.. a.Sizes[..^1], narrow]);
                body.Write($"while ({name}.Channels > 3) {name} = {name}.Dense({name}.Channels / 2).Tanh();");
                return body.Last;
            case 3:
                body.Let(a.Text, a.Sizes);
                body.Write($"if ({name}.Channels % 2 == 0 && {name}.Rank < 9) {name} = {name}.Tanh(); else if (!{name}.SameShape({a.Text})) {name} = -{name}; else {name} = {name}.Sin();");
                return body.Last;
            case 4:
                return body.Let($"{members.Recursion()}({a.Text}, {random.Next(3)})", a.Sizes);
            default:
                body.Write($"var (left{body.Names}, right{body.Names}) = ({a.Text}.Tanh(), {a.Text}.Dense({a.Text}.Channels));\n(left{body.Names}, right{body.Names}) = (right{body.Names}, left{body.Names});");
                body.Write($"var pair{body.Names} = (first: left{body.Names}, second: right{body.Names});");
                return body.Let($"pair{body.Names}.first - 0.5 * pair{body.Names}.second", a.Sizes);
        }
    }

    public RandomTensor OnlyInTraining(RandomTensor a)
    {
        if (body.KnowsTraining is null) return body.Let($"{a.Text}.Tanh()", a.Sizes);
        body.KnowsTraining = true;
        return random.Next(3) switch
        {
            0 => body.Let($"training ? {a.Text} + 0.1 * Tensor.Normal(like: {a.Text}) : {a.Text}", a.Sizes),
            1 => body.Let($"training ? {a.Text}.Dropout(0.3) : {a.Text}", a.Sizes),
            _ => body.Let($"{a.Text}.Dropout(0.25)", a.Sizes),
        };
    }

    /// <summary>A product with a weight, or with what a tensor itself gives.</summary>
    public RandomTensor MatMul(RandomTensor a)
    {
        switch (random.Next(4))
        {
            case 0 when a.Rank > 1 && a.Length / a.Width * a.Sizes[^2] <= RandomBody.MostElements:
                return body.Let($"{a.Text}.MatMul({a.Text}.Tanh().Transpose())", [.. a.Sizes[..^1], a.Sizes[^2]]);
            case 1:
                return body.Let($"{a.Text} * {members.Weight(a.Width)} + {members.Weight(a.Width)}.Square()", a.Sizes);
            default:
                var (matrix, columns) = members.Matrix(a.Width);
                return columns > RandomBody.Fitting(a, columns) ? operations.Sum(a) : body.Let($"{a.Text}.MatMul({matrix})", [.. a.Sizes[..^1], columns]);
        }
    }

    public RandomTensor Call(RandomTensor a)
    {
        var b = body.Pick();
        if (random.Next(2) == 0)
        {
            var (name, sizes) = members.Method([a.Sizes, b.Sizes], 1);
            var first = body.Let($"{name}({a.Text}, b: {b.Text})", sizes[0]);
            return random.Next(2) == 0 ? first : body.Let($"{first.Text} - {name}({a.Text}.Tanh(), {b.Text})", sizes[0]);
        }

        var (method, pair) = members.Method([a.Sizes], 2);
        return body.LetPair($"{method}({a.Text})", pair[0], pair[1]);
    }

    public RandomTensor Block(RandomTensor a)
    {
        var b = body.Pick();
        var width = RandomBody.Fitting(a, RandomBody.Width(random));
        switch (random.Next(3))
        {
            case 0:
                return body.Let($"{a.Text}.Apply(new {members.Gate()}({random.Next(1, 4)} * 0.25), {b.Text}.Flatten())", a.Sizes);
            case 1:
                // One set of weights, applied again and again.
                var (cell, name) = (members.NewBlock(a.Width), body.NextName);
                body.Write($"var cell{body.Names} = new {cell}({a.Width});");
                var loop = $"for (int i = 0; i < {random.Next(2, 4)}; i++) {name} = {name}.Apply(cell{body.Names}).Tanh();";
                body.Let(a.Text, a.Sizes);
                body.Write(loop);
                return body.Last;
            default:
                return body.Let($"{a.Text}.Apply(new {members.NewBlock(a.Width)}({width}))", [.. a.Sizes[..^1], width]);
        }
    }

    /// <summary>Applies the shared block, to what has its width after a layer of its own.</summary>
    public RandomTensor Apply(RandomTensor a, SharedBlock field)
    {
        var fit = a.Width == field.Input ? a.Text : $"{a.Text}.Dense({field.Input})";
        return body.Let($"{fit}.Apply({field.Name})", [.. a.Sizes[..^1], field.Output]);
    }

    public RandomTensor Apply(RandomTensor a)
    {
        if (members.Fields.Count == 0) return operations.Dense(a);
        var field = members.Fields[random.Next(members.Fields.Count)];
        if (random.Next(2) == 0) return Apply(a, field);
        var (left, right) = (Apply(a, field), Apply(body.Pick(), field));
        if (operations.Join(left.Sizes, right.Sizes) is not { } sizes) return right;
        body.Read(left);
        body.Read(right);
        return body.Let($"({left.Text} - {right.Text}).Square()", sizes);
    }
}
