namespace ModelDsl.Benchmarks.Steps;

/// <content>Models that are not compiled for GPUs: there loops over time are unrolled, which takes long to compile, and attention stores a number for each pair of positions.</content>
internal sealed partial record StepCase
{
    static partial void AddForCpus(Dictionary<string, Func<int, Device, StepCase>> cases)
    {
        cases.Add("attention-256", (count, device) => Attention(new Attention256(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), Attention256.Length, count));
        cases.Add("attention-1024", (count, device) => Attention(new Attention1024(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), Attention1024.Length, count));
        cases.Add("attention-4096", (count, device) => Attention(new Attention4096(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), Attention4096.Length, count));
        cases.Add("chargpt", (count, device) => Gpt(new CharGptModel(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), CharGptModel.Context, CharGptModel.Vocabulary, count));
        cases.Add("lstm", Lstm);
        cases.Add("text", (count, device) => Text(new TextModel(seed: 1, device), count, (model, tokens, results) => model.Predict(tokens, results)));
        cases.Add("text-sparse", (count, device) => Text(new SparseTextModel(seed: 1, device), count, (model, tokens, results) => model.Predict(tokens, results)));
    }

    private static StepCase Attention<TModel>(TModel model, Action<TModel, float[], float[]> predict, int length, int count)
        where TModel : Model
    {
        var random = new Random(1);
        var inputs = Values(random, count * length * Attention256.Width);
        var predictions = new float[inputs.Length];
        return new(model, new Adam(1e-3), Batch.Of(count, inputs, Values(random, inputs.Length)), () => predict(model, inputs, predictions));
    }

    private static StepCase Lstm(int count, Device device)
    {
        var random = new Random(1);
        var inputs = Values(random, count * 128 * 128);
        var model = new LstmModel(seed: 1, device);
        var predictions = new float[count * 128 * 128];
        return new(model, new Adam(1e-3), Batch.Of(count, inputs, Values(random, count * 128 * 128)), () => model.Predict(inputs, predictions));
    }

    private static StepCase Text<TModel>(TModel model, int count, Action<TModel, int[], float[]> predict)
        where TModel : Model
    {
        var random = new Random(1);
        var (tokens, labels) = (new int[count * 100], new int[count]);
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = random.Next(20_000);
        for (var i = 0; i < count; i++)
            labels[i] = random.Next(2);
        var predictions = new float[count * 2];
        return new(model, new Adam(1e-3), Batch.Of(count, tokens, labels), () => predict(model, tokens, predictions));
    }
}
