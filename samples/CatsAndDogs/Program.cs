using System.CommandLine;
using System.Globalization;
using CatsAndDogs;
using ModelDsl;
using ModelDsl.Images;

const string Help = """
    This sample learns to tell two kinds of photos apart. It needs a folder with one folder of photos for each kind, of any size:

        FOLDER/cat/….jpg    FOLDER/dog/….jpg

        dotnet run -c Release --project samples/CatsAndDogs -- --data FOLDER

    Photos of cats and dogs can be had from https://www.microsoft.com/download/details.aspx?id=54765 or https://github.com/ardamavi/Dog-Cat-Classifier;
    any other two kinds will do as well. JPEG is read with libjpeg-turbo's TurboJPEG library (such as apt install libturbojpeg0); PNG and BMP need nothing.
    """;

var data = new Option<DirectoryInfo>("--data") { Description = "The folder with two folders of photos." };
var epochs = new Option<int>("--epochs") { Description = "How often to go through the training photos at most.", DefaultValueFactory = _ => 30 };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, orders, the split and changes of photos.", DefaultValueFactory = _ => 1 };
var run = new Option<DirectoryInfo>("--run") { Description = "A folder for checkpoints, log.csv and TensorBoard's files. Started again with the same options, the program continues where it was interrupted." };
var preview = new Option<FileInfo>("--preview") { Description = "Write a PNG file of the first photos as the model sees them, and stop." };
var predict = new Option<FileInfo[]>("--predict") { Description = "Photos of one's own to tell apart afterwards.", AllowMultipleArgumentsPerToken = true }.AcceptExistingOnly();

var command = new RootCommand("Tells photos of cats and dogs apart.") { data, epochs, seed, run, preview, predict };
return SampleProgram.Run(command, args, Run, refusesInput: true);

int Run(ParseResult options, CancellationToken cancellation)
{
    if (options.GetValue(data) is not { Exists: true } folder)
    {
        Console.WriteLine(Help);
        return 2;
    }

    return Learn(folder.FullName, options, cancellation);
}

int Learn(string folder, ParseResult options, CancellationToken cancellation)
{
    var input = new ImageInput(150, 150);
    var photos = ImageFolder.Open(folder, input, new ImageFolderOptions { Targets = ImageTargets.Binary }, cancellation);
    Console.WriteLine(photos);
    foreach (var file in photos.Skipped)
        Console.WriteLine(file.Reason);

    var start = options.GetValue(seed);
    var (known, validation) = photos.Split(0.8, start);
    var train = known.Augment([new RandomFlip(), new RandomRotation(15), new RandomZoom(0.15), new RandomShift(0.1), new RandomContrast(0.2)], start);
    if (options.GetValue(preview) is { } sheet)
    {
        ImageSheet.Of(train.Batches(32, shuffle: true, start, cancellation: cancellation).First()).SavePng(sheet.FullName);
        Console.WriteLine(sheet.FullName);
        return 0;
    }

    using var model = new CatDogNet(start);
    Console.WriteLine(model.Summary());
    var runFolder = options.GetValue(run)?.FullName;
    var trainer = new Trainer(new Adam(5e-4))
    {
        Epochs = options.GetValue(epochs),
        BatchSize = 32,
        Seed = start,
        // Ends when the validation photos no longer get better, with the weights of the best epoch.
        Callbacks = [new EarlyStopping(patience: 10)],
        RunFolder = runFolder,
        Checkpoint = runFolder is null ? null : new CheckpointOptions(runFolder) { KeepBest = "validation accuracy" },
    };
    var history = trainer.Fit(model, train, validation, cancellation);
    if (history.Cancelled)
        return 1;

    var matrix = new ConfusionMatrix(photos.ClassNames);
    var score = trainer.Evaluate(model, validation, matrix);
    Line($"\n{matrix}\n\nValidation accuracy {score["accuracy"]:P1} after {history.Epochs.Count} epochs, {history.Duration.TotalSeconds:0} s.");
    Line($"{history.Epochs.Average(epoch => epoch.DataShare):P1} of the steps' time went by waiting for photos.");
    var path = Path.Combine(AppContext.BaseDirectory, "cats-and-dogs.safetensors");
    model.Save(path);
    Console.WriteLine(path);

    foreach (var file in options.GetValue(predict) ?? [])
    {
        var second = model.Predict(input.Read(file.FullName))[0];
        Line($"{file.Name}: {photos.ClassNames[second > 0.5f ? 1 : 0]} ({Math.Max(second, 1 - second):P0})");
    }

    return 0;
}

static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
