using System.CommandLine;
using System.Globalization;
using Digits;
using ModelDsl;
using ModelDsl.Images;

var data = new Option<DirectoryInfo>("--data") { Description = "The folder with MNIST's IDX files.", DefaultValueFactory = _ => new DirectoryInfo("mnist") };
var epochs = new Option<int>("--epochs") { Description = "How often to go through the training digits.", DefaultValueFactory = _ => 30 };
var convolutions = new Option<bool>("--convolutions") { Description = "The model with convolutions: slower, and it makes half as many mistakes." };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, dropout and orders.", DefaultValueFactory = _ => 1 };

var command = new RootCommand("Recognises handwritten digits.") { data, epochs, convolutions, seed };
return SampleProgram.Run(command, args, Run, "    dotnet run -c Release --project samples/Digits -- --data FOLDER");

int Run(ParseResult options, CancellationToken cancellation)
{
    var (train, test) = Mnist.Load(options.GetValue(data)!.FullName);
    var (rounds, start) = (options.GetValue(epochs), options.GetValue(seed));
    return options.GetValue(convolutions)
        ? Learn(new ConvolutionModel(start), path => ConvolutionModel.FromFile(path), train, test, rounds, start, cancellation)
        : Learn(new DigitModel(start), path => DigitModel.FromFile(path), train, test, rounds, start, cancellation);
}

static int Learn(Model model, Func<string, Model> read, Dataset train, Dataset test, int epochs, int seed, CancellationToken cancellation)
{
    using var owned = model;
    Console.WriteLine(model.Summary());

    var trainer = new Trainer(new Adam(1e-3))
    {
        Epochs = epochs,
        BatchSize = 64,
        Seed = seed,
        Schedule = LearningRateSchedule.Cosine(last: 0.01),
    };
    // The test digits decide nothing while training: they only show how it goes.
    var history = trainer.Fit(model, train, test, cancellation);
    if (history.Cancelled)
        return 1;

    var matrix = new ConfusionMatrix();
    var score = trainer.Evaluate(model, test, matrix);
    Console.WriteLine($"\n{matrix.Report()}\n\n{matrix}\n");

    var path = Path.Combine(AppContext.BaseDirectory, "digits.safetensors");
    model.Save(path);
    using var again = read(path);
    var reloaded = trainer.Evaluate(again, test, new Accuracy());
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"Test accuracy {score["accuracy"]:P2} after {history.Duration.TotalSeconds:0.0} s; saved, loaded again: {reloaded["accuracy"]:P2}."));
    Console.WriteLine(path);
    return reloaded["accuracy"] == score["accuracy"] && reloaded.Loss == score.Loss ? 0 : 1;
}
