using System.Globalization;
using ModelDsl;
using Spectre.Console;

namespace QuickStart;

/// <summary>The whole way: data, training, evaluation, use, the generated code, files.</summary>
internal sealed record Tour(Corpus Corpus, int Epochs, TimeSpan Limit, int Seed)
{
    /// <summary>How many characters of unseen text the model continues.</summary>
    private const int PromptLength = 32;

    /// <summary>The most samples that an epoch trains on, so that a long text does not take longer than about a minute on two cores.</summary>
    private const int TrainSamples = 38_400;

    /// <summary>The most samples that a validation uses.</summary>
    private const int ValidationSamples = 2_000;

    public int Run(CancellationToken cancellation)
    {
        Title("The text");
        var tokenizer = CharacterTokenizer.FromText(Corpus.Train, CharModel.Vocabulary);
        int[] trainIds = tokenizer.Encode(Corpus.Train), validationIds = tokenizer.Encode(Corpus.Validation);
        var train = Some(Dataset.NextTokens(trainIds, CharModel.Context), TrainSamples);
        var validation = Some(Dataset.NextTokens(validationIds, CharModel.Context), ValidationSamples);
        Line($"{Corpus.Name}: {trainIds.Length:N0} characters to learn from, of which an epoch takes {train.Count * CharModel.Context:N0}, and {validationIds.Length:N0} to check with.");

        Title("The model");
        using var model = new CharModel(Seed);
        Console.WriteLine(model.Summary());

        Title("Training");
        var trainer = new Trainer(new AdamW(4e-3))
        {
            Epochs = Epochs,
            BatchSize = 8,
            Seed = Seed,
            Schedule = LearningRateSchedule.WarmUp(100, LearningRateSchedule.Cosine(last: 0.02)),
        };
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Limit);
        var history = trainer.Fit(model, train, validation, limited.Token);
        if (cancellation.IsCancellationRequested)
            return 1;
        if (history.Cancelled)
            Line($"The time limit of {Limit.TotalMinutes:0.#} minutes was reached (--minutes); the model keeps what it has learned.");
        Line($"{history.Steps:N0} steps in {history.Duration.TotalSeconds:0.0} s on {model.Device.Name}.");

        Title("What it learned");
        var score = trainer.Evaluate(model, validation);
        Compare(Unigram.Of(trainIds, validationIds, CharModel.Vocabulary), score);
        Line($"The unigram model knows only how frequent each character is. A lower loss is better.");

        Title("What it writes");
        Line($"The first {PromptLength} characters are from unseen text; the model adds 300, one after the other.\n");
        var generator = new TextGenerator(model, tokenizer, Seed);
        var prompt = Corpus.Validation[..PromptLength];
        AnsiConsole.Markup($"[green]{Markup.Escape(prompt)}[/]");
        foreach (var character in generator.Continue(prompt, characters: 300, temperature: 0.5))
            Console.Write(character);
        Console.WriteLine();

        Title("The code that trained it");
        ShowGeneratedCode();

        Title("The weights");
        var same = SaveAndReload(model, tokenizer, trainer, validation, score);

        Title("What next");
        Line($"A text of your own:   dotnet run -c Release --project samples/QuickStart -- --text FILE");
        Line($"A small program:      docs/training.md");
        Line($"More samples:         README.md");
        return same ? 0 : 1;
    }

    private Dataset Some(Dataset all, int most) => all.Count <= most ? all : all.Split((double)most / all.Count, Seed).First;

    private static void Compare(Unigram unigram, Evaluation score)
    {
        var table = new Table().AddColumns("on unseen text", "loss", "bits per character", "guessed right");
        Row("unigram model", unigram.Loss, unigram.Accuracy);
        Row("this model", score.Loss, score["accuracy"]);
        AnsiConsole.Write(table);

        void Row(string name, double loss, double accuracy) =>
            table.AddRow(name, Number(loss), Number(loss / Math.Log(2)), accuracy.ToString("P1", CultureInfo.InvariantCulture));
    }

    private static void ShowGeneratedCode()
    {
        if (GeneratedCode.Folder() is not { } folder)
        {
            Line($"It is inside {typeof(CharModel).Assembly.GetName().Name}.dll: in an IDE, go to the definition of a member of CharModel.");
            return;
        }

        var file = GeneratedCode.KernelFile(folder);
        Line($"The generator wrote it when this program was built. One of its shortest methods, the gradient of the loss, is in");
        Console.WriteLine(file);
        Console.WriteLine();
        foreach (var line in GeneratedCode.Excerpt(file))
            Console.WriteLine(line);
    }

    private static bool SaveAndReload(CharModel model, CharacterTokenizer tokenizer, Trainer trainer, Dataset validation, Evaluation score)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "charmodel.safetensors");
        model.Save(path);
        tokenizer.Save(Path.ChangeExtension(path, ".tokenizer.json"));
        using var again = CharModel.FromFile(path);
        var same = trainer.Evaluate(again, validation).Loss == score.Loss;
        Console.WriteLine(path);
        Line($"Loaded into a new model, they give {(same ? "exactly the same loss" : "ANOTHER LOSS")}.");
        return same;
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static void Title(string title)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule($"[bold]{title}[/]") { Justification = Justify.Left });
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
