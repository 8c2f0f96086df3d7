namespace ModelDsl.Benchmarks.Steps;

/// <summary>A model with data and an optimizer of its own.</summary>
/// <param name="Model">The model.</param>
/// <param name="Optimizer">Its optimizer.</param>
/// <param name="Batch">Random samples.</param>
/// <param name="Predict">Predicts the batch's inputs into an array that is reused.</param>
internal sealed partial record StepCase(Model Model, Optimizer Optimizer, Batch Batch, Action Predict)
{
    private static readonly Dictionary<string, Func<int, Device, StepCase>> Cases = All(new()
    {
        ["linear"] = Linear,
        ["mlp"] = (count, device) => Classifier(new MlpModel(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), 784, count),
        ["cnn"] = (count, device) => Classifier(new CnnModel(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), 32 * 32 * 3, count),
        ["catsdogs"] = CatsDogs,
        ["resnet50"] = (count, device) => Classifier(new BuildTime.ResNet50(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), 224 * 224 * 3, count, classes: 1000),
        ["mobilenetv2"] = (count, device) => Classifier(new BuildTime.MobileNetV2(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), 224 * 224 * 3, count, classes: 1000),
        ["gpt"] = (count, device) => Gpt(new GptModel(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), GptModel.Context, GptModel.Vocabulary, count),
        ["gpt2"] = (count, device) => Gpt(new Gpt2Model(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), Gpt2Model.Context, Gpt2Model.Vocabulary, count),
        ["resnet18"] = (count, device) => Classifier(new ResNet18Model(seed: 1, device), (model, inputs, outputs) => model.Predict(inputs, outputs), 32 * 32 * 3, count),
    });

    /// <summary>The models that can be measured.</summary>
    public static IReadOnlyCollection<string> Names => Cases.Keys;

    /// <summary>Makes a case by name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="batch">Samples per step.</param>
    /// <param name="device">Where it computes.</param>
    public static StepCase Create(string name, int batch, Device device) => Cases[name](batch, device);

    private static Dictionary<string, Func<int, Device, StepCase>> All(Dictionary<string, Func<int, Device, StepCase>> cases)
    {
        AddForCpus(cases);
        return cases;
    }

    static partial void AddForCpus(Dictionary<string, Func<int, Device, StepCase>> cases);

    private static StepCase Linear(int count, Device device)
    {
        var random = new Random(1);
        var inputs = Values(random, count * 2);
        var model = new LinearModel(seed: 1, device);
        var predictions = new float[count];
        return new(model, new Sgd(1e-2), Batch.Of(count, inputs, Values(random, count)), () => model.Predict(inputs, predictions));
    }

    private static StepCase CatsDogs(int count, Device device)
    {
        var random = new Random(1);
        var inputs = Values(random, count * 150 * 150 * 3);
        var answers = new float[count];
        for (var i = 0; i < count; i++)
            answers[i] = random.Next(2);
        var model = new CatsDogsModel(seed: 1, device);
        var predictions = new float[count];
        return new(model, new Adam(1e-3), Batch.Of(count, inputs, answers), () => model.Predict(inputs, predictions));
    }

    /// <summary>A language model. The array for its predictions is made when they are timed: it may be larger than the model.</summary>
    private static StepCase Gpt<TModel>(TModel model, Action<TModel, int[], float[]> predict, int context, int vocabulary, int count)
        where TModel : Model
    {
        var random = new Random(1);
        var (tokens, labels) = (Tokens(random, count * context, vocabulary), Tokens(random, count * context, vocabulary));
        var predictions = new Lazy<float[]>(() => new float[count * context * vocabulary]);
        return new(model, new Adam(1e-3), Batch.Of(count, tokens, labels), () => predict(model, tokens, predictions.Value));
    }

    /// <summary>A classifier.</summary>
    private static StepCase Classifier<TModel>(TModel model, Action<TModel, float[], float[]> predict, int pixels, int count, int classes = 10)
        where TModel : Model
    {
        var random = new Random(1);
        var inputs = Values(random, count * pixels);
        var labels = new int[count];
        for (var i = 0; i < count; i++)
            labels[i] = random.Next(classes);
        var predictions = new float[count * classes];
        return new(model, new Adam(1e-3), Batch.Of(count, inputs, labels), () => predict(model, inputs, predictions));
    }

    private static int[] Tokens(Random random, int count, int vocabulary)
    {
        var tokens = new int[count];
        for (var i = 0; i < count; i++)
            tokens[i] = random.Next(vocabulary);
        return tokens;
    }

    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = random.NextSingle();
        return values;
    }
}
