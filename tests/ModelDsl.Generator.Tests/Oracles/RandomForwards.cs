using System.Globalization;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>A model as its C#.</summary>
internal sealed record ForwardModel(string Key, string Source);

/// <summary>
/// Random models in the full form that are valid: Forward methods that branch and join, blocks and weights used several times, helper methods, several
/// inputs, outputs and losses. The same seed gives the same model.
/// </summary>
internal sealed class RandomForwards
{
    private static readonly string[] LossAttributes =
        ["MeanSquaredError", "MeanAbsoluteError", "Huber(Delta = 0.7)", "BinaryCrossEntropy", "SoftmaxCrossEntropy", "SoftmaxCrossEntropy(SoftTargets = true)"];

    private readonly Random random;
    private readonly RandomMembers members;
    private readonly string key;
    private readonly List<(string Declaration, RandomTensor Tensor)> inputs = [];
    private readonly List<RandomTensor> outputs = [];
    private readonly List<string> methods = [];
    private int columns;

    private RandomForwards(int seed)
    {
        random = new Random(seed);
        members = new RandomMembers(random);
        key = $"Forward{seed}";
    }

    /// <summary>A valid model.</summary>
    public static ForwardModel Valid(int seed) => new RandomForwards(seed).Build();

    private ForwardModel Build()
    {
        var form = random.Next(4);
        for (var i = form < 2 ? random.Next(2) : random.Next(2, 4); i > 0; i--) members.Field(isFrozen: form < 2 && random.Next(6) == 0);
        var attribute = form == 0 ? LossAttributes[random.Next(LossAttributes.Length)] : "";
        Forward(isSingle: form is 0 || random.Next(3) == 0);
        if (form == 1) Loss("Both", null);
        else if (form > 1) foreach (var field in members.Fields.ToList()) Loss($"{char.ToUpperInvariant(field.Name.TrimStart('_')[0])}{field.Name.TrimStart('_')[1..]}Loss", field);
        var body = string.Join('\n', members.Sources.Concat(methods)).Replace("\n", "\n    ", StringComparison.Ordinal);
        return new(key, $"[Model{(attribute.Length > 0 ? ", " + attribute : "")}]\npublic sealed partial class {key}\n{{\n    {body}\n}}\n");
    }

    private void Forward(bool isSingle)
    {
        for (var i = random.Next(1, 4); i > 0; i--) Input();
        var body = new RandomBody(random, members, inputs.Where(input => !IsTokens(input.Declaration)).Select(input => input.Tensor)) { KnowsTraining = false };
        foreach (var (_, ids) in inputs.Where(input => IsTokens(input.Declaration))) Embed(body, ids);
        for (var i = random.Next(3, 9); i > 0; i--) body.Step();
        foreach (var field in members.Fields.Where(_ => random.Next(3) > 0)) body.Apply(body.Pick(), field);
        body.Gather();
        RandomTensor[] results = isSingle ? [body.Last] : [.. body.Terms.Reverse().Take(random.Next(2, 4))];
        var texts = new List<string>();
        foreach (var result in results)
        {
            var width = random.Next(2, 6);
            var keeps = result.Width > 1 && random.Next(2) == 0 && body.Terms.Count > inputs.Count;
            texts.Add(keeps ? result.Text : $"{result.Text}.Dense({width})");
            outputs.Add(new(isSingle ? "output" : $"y{outputs.Count + 1}", keeps ? result.Sizes : [.. result.Sizes[..^1], width]));
        }

        var type = isSingle ? "Tensor" : $"({string.Join(", ", outputs.Select(output => "Tensor " + output.Text))})";
        var parameters = inputs.Select(input => $"{input.Declaration} Tensor {input.Tensor.Text}").Concat(body.KnowsTraining == true ? ["bool training"] : []);
        methods.Add(
            $"private {type} Forward({string.Join(", ", parameters)})\n{{\n    {body.Statements.TrimEnd('\n').Replace("\n", "\n    ", StringComparison.Ordinal)}\n" +
            $"    return {(isSingle ? texts[0] : $"({string.Join(", ", texts)})")};\n}}");
    }

    private static bool IsTokens(string declaration) => declaration.StartsWith("[TokenInput", StringComparison.Ordinal);

    private void Input()
    {
        var name = "xyz"[inputs.Count].ToString() + "0";
        if (random.Next(4) == 0)
        {
            var (length, vocabulary) = (random.Next(1, 6), random.Next(2, 12));
            inputs.Add(($"[TokenInput(length: {length}, vocabulary: {vocabulary})]", new(name, [length, vocabulary])));
            return;
        }

        int[] sizes = random.Next(4) switch
        {
            0 => [random.Next(1, 5), RandomBody.Width(random)],
            1 => [random.Next(1, 5), random.Next(2, 5), random.Next(1, 4)],
            _ => [RandomBody.Width(random)],
        };
        inputs.Add(($"[Input({string.Join(", ", sizes)})]", new(name, sizes)));
    }

    private void Embed(RandomBody body, RandomTensor ids)
    {
        var (length, vocabulary, width) = (ids.Sizes[0], ids.Sizes[1], RandomBody.Width(random));
        var some = length > 1 && random.Next(3) == 0;
        var text = some ? ids.Text + "[1..]" : ids.Text;
        var table = random.Next(2) == 0 ? $"{members.Weight(vocabulary, width)}.Gather({text})" : $"{text}.Embedding({width})";
        body.Let(table + (random.Next(2) == 0 ? ".PositionalEmbedding()" : ""), some ? length - 1 : length, width);
    }

    /// <summary>A loss of some of the outputs; one of several trains a field, which it applies.</summary>
    private void Loss(string name, SharedBlock? trained)
    {
        var declared = new List<string>();
        var numbers = inputs.Where(input => !IsTokens(input.Declaration)).Select(input => input.Tensor).ToList();
        var known = outputs.Concat(numbers).ToList();

        // What a loss does not name is not run for it.
        if (trained is not null && numbers.Count > 0 && random.Next(3) == 0) known = numbers;
        if (trained is not null && random.Next(3) == 0)
        {
            var further = $"real{++columns}";
            declared.Add($"[Input({trained.Input})] Tensor {further}");
            known.Add(new(further, [trained.Input]));
        }

        var body = new RandomBody(random, members, known);
        var measured = outputs.Where(known.Contains).ToList();
        if (trained is not null)
        {
            measured = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => body.Apply(body.Pick(), trained))];
            if (random.Next(3) == 0) body.Step();
        }

        var terms = measured.Select(output => (random.Next(2) == 0 ? "" : "0.5 * ") + Measure(output, declared) + ".Mean()").ToList();
        if (random.Next(4) == 0) terms.Add($"0.1 * {body.Last.Text}.Square().Mean()");
        if (trained is null && numbers.Count > 0 && random.Next(3) == 0) terms.Add($"0.1 * Tensor.Gradient({Depending(outputs[0])}, {numbers[0].Text}).Square().Mean()");
        var text = $"{body.Statements}return {string.Join(" + ", terms)};\n";
        var parameters = outputs.Concat(inputs.Select(input => input.Tensor)).Select(term => term.Text)
            .Where(term => text.Split(term).Skip(1).Any(rest => rest.Length == 0 || !char.IsLetterOrDigit(rest[0]))).Select(term => "Tensor " + term).Concat(declared);
        methods.Add(
            $"[Loss{(trained is null ? "" : $"(Trains = nameof({trained.Name}))")}]\nprivate Tensor {name}({string.Join(", ", parameters)})\n{{\n    " +
            $"{text.TrimEnd('\n').Replace("\n", "\n    ", StringComparison.Ordinal)}\n}}");

        // Whatever the output is made of, the sum with the input depends on it.
        string Depending(RandomTensor output) => $"{output.Text} * ({numbers[0].Text}.Mean() + 2)";
    }

    /// <summary>The loss of each element or position of a value.</summary>
    private string Measure(RandomTensor value, List<string> declared)
    {
        var goal = $"goal{++columns}";
        switch (random.Next(6))
        {
            case 0 when value.Width > 1 && value.Rank < 3:
                declared.Add($"[Label({value.Width}{(value.Rank == 2 ? string.Create(CultureInfo.InvariantCulture, $", Length = {value.Sizes[0]}") : "")})] Tensor {goal}");
                return $"{value.Text}.SoftmaxCrossEntropy({goal})";
            case 1:
                return $"{value.Text}.BinaryCrossEntropy(1)";
            case 2:
                return $"{value.Text}.Square()";
            default:
                declared.Add($"[Target({string.Join(", ", value.Sizes)})] Tensor {goal}");
                var kind = random.Next(4) switch { 0 => "MeanSquaredError({0})", 1 => "MeanAbsoluteError({0})", 2 => "Huber({0}, 0.5)", _ => "BinaryCrossEntropy({0})" };
                return $"{value.Text}.{string.Format(CultureInfo.InvariantCulture, kind, goal)}";
        }
    }
}
