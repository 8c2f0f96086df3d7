using System.Globalization;
using ModelDsl;
using Spectre.Console;

namespace QuickStart;

/// <summary>The whole way: data, training, evaluation, use, the generated code, files.</summary>
internal sealed record Tour(Corpus Corpus, int Epochs, TimeSpan Limit, int Seed)
{
    /// <summary>However long the text: so many windows of it are used at most.</summary>
    private const int TrainWindows = 1_000_000, ValidationWindows = 50_000;

    public int Run(CancellationToken cancellation)
    {
        Title("The text");
        var tokenizer = CharacterTokenizer.FromText(Corpus.Train, CharModel.Vocabulary);
        int[] trainIds = tokenizer.Encode(Corpus.Train), validationIds = tokenizer.Encode(Corpus.Validation);
        var train = Windows(trainIds, TrainWindows);
        var validation = Windows(validationIds, ValidationWindows);
        Line($"{Corpus.Name}: {trainIds.Length:N0} characters to learn from, {validationIds.Length:N0} to check with.");

        Title("The model");
        using var model = new CharModel(Seed);
        Console.WriteLine(model.Summary());

        Title("Training");
        var trainer = new Trainer(new Adam(2e-3))
        {
            Epochs = Epochs,
            BatchSize = 256,
            Seed = Seed,
            Schedule = LearningRateSchedule.WarmUp(100, LearningRateSchedule.Cosine(last: 0.02)),
            View = Console.IsOutputRedirected ? TrainingView.Plain() : TrainingView.Default,
        };
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Limit);
        var history = trainer.Fit(model, train, validation, limited.Token);
        if (cancellation.IsCancellationRequested)
            return 1;
        Line($"{history.Steps:N0} steps in {history.Duration.TotalSeconds:0.0} s on {model.Device.Name}.");

        Title("What it learned");
        var score = trainer.Evaluate(model, validation);
        Compare(Unigram.Loss(trainIds, validationIds, CharModel.Vocabulary), score);

        Title("What it writes");
        var generator = new TextGenerator(model, tokenizer, Seed);
        var prompt = Corpus.Validation[..CharModel.Window];
        AnsiConsole.MarkupLine($"[green]{Markup.Escape(prompt)}[/]{Markup.Escape(generator.Continue(prompt, characters: 300, temperature: 0.5).TrimEnd())}");

        Title("The code that trained it");
        ShowGeneratedCode();

        Title("The weights");
        return SaveAndReload(model, tokenizer, trainer, validation, score) ? 0 : 1;
    }

    private Dataset Windows(int[] ids, int most)
    {
        var all = Dataset.Windows(ids, CharModel.Window);
        return all.Count <= most ? all : all.Split((double)most / all.Count, Seed).First;
    }

    private static void Compare(double unigram, Evaluation score)
    {
        var table = new Table().AddColumns("on unseen text", "loss", "bits per character", "guessed right");
        table.AddRow("unigram model", Number(unigram), Number(Bits(unigram)), "");
        table.AddRow("this model", Number(score.Loss), Number(Bits(score.Loss)), score["accuracy"].ToString("P1", CultureInfo.InvariantCulture));
        AnsiConsole.Write(table);
    }

    private static void ShowGeneratedCode()
    {
        if (GeneratedCode.Folder() is not { } folder)
        {
            Line($"It is inside {typeof(CharModel).Assembly.GetName().Name}.dll: in an IDE, go to the definition of a member of CharModel.");
            return;
        }

        var file = GeneratedCode.KernelFile(folder);
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

    private static double Bits(double loss) => loss / Math.Log(2);

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static void Title(string title)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule($"[bold]{title}[/]") { Justification = Justify.Left });
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
