using System.CommandLine;
using System.Globalization;
using ModelDsl;
using Transfer;

const string Help = """
    This sample learns to tell two kinds of photos apart with a network that was trained with other photos: a ResNet-18 for ImageNet, from an ONNX file. It trains a new last layer.
    It needs a folder with one folder of photos for each kind, of any size:

        FOLDER/cat/….jpg    FOLDER/dog/….jpg

        dotnet run -c Release --project samples/Transfer -- --data FOLDER

    Photos of cats and dogs can be had from https://www.microsoft.com/download/details.aspx?id=54765 or https://github.com/ardamavi/Dog-Cat-Classifier;
    any other two kinds will do as well. JPEG is read with libjpeg-turbo's TurboJPEG library (such as apt install libturbojpeg0); PNG and BMP need nothing.
    """;

var data = new Option<DirectoryInfo>("--data") { Description = "The folder with two folders of photos." };
var fineTune = new Option<bool>("--fine-tune") { Description = "Train all layers further afterwards, with the photos of one fold as the test." };
var epochs = new Option<int>("--epochs") { Description = "How often fine-tuning goes through the training photos.", DefaultValueFactory = _ => 2 };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, orders and folds.", DefaultValueFactory = _ => 1 };
var quick = new Option<bool>("--quick") { Description = "A hundred photos of each kind and two folds, to see that everything works." };
var cache = new Option<DirectoryInfo>("--cache") { Description = "The folder where features are kept for the next run; by default that of the program." };
var predict = new Option<FileInfo[]>("--predict") { Description = "Photos of one's own to tell apart afterwards.", AllowMultipleArgumentsPerToken = true }.AcceptExistingOnly();

var command = new RootCommand("Tells two kinds of photos apart with a network from an ONNX file.") { data, fineTune, epochs, seed, quick, cache, predict };
epochs.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1)
        result.AddError("--epochs is a number from 1 on.");
});
command.Validators.Add(result =>
{
    if (result.GetResult(epochs) is { Implicit: false } && !result.GetValue(fineTune))
        result.AddError("--epochs is the number of epochs of --fine-tune: give both of them, or none.");
});
return SampleProgram.Run(command, args, Run, refusesInput: true);

int Run(ParseResult options, CancellationToken cancellation)
{
    if (options.GetValue(data) is not { Exists: true } folder)
    {
        Console.WriteLine(Help);
        return 2;
    }

    return Learn(folder.FullName, options, cancellation) ? 0 : 1;
}

bool Learn(string folder, ParseResult options, CancellationToken cancellation)
{
    var start = options.GetValue(seed);
    var photos = Photos.Find(folder, options.GetValue(quick) ? 100 : int.MaxValue);
    // Before the long computation, so that a photo that cannot be read is an error at once.
    var own = (options.GetValue(predict) ?? []).Select(file => (file.Name, Pixels: Photos.Input.Read(file.FullName))).ToArray();
    var features = FeatureReader.Read(photos, options.GetValue(cache)?.FullName ?? AppContext.BaseDirectory, cancellation);

    var heads = new Heads(features, start);
    var folds = new Folds(features.Labels, options.GetValue(quick) ? 2 : 5, start);
    if (CrossValidation.Run(heads, folds, cancellation) is not { } mistakes)
        return false;
    MistakeSheet.Write(Path.Combine(AppContext.BaseDirectory, "mistakes.png"), photos, mistakes);

    if (options.GetValue(fineTune))
    {
        using var first = heads.Train(folds.Training(0), cancellation);
        if (first is null || !FineTuning.Run(photos, features.FilesOf(folds.Training(0)), features.FilesOf(folds.Test(0)), first, options.GetValue(epochs), start, cancellation))
            return false;
    }

    // The folds measure the accuracy. The network that is saved is trained with all photos.
    using var head = heads.Train(Enumerable.Range(0, features.Count), cancellation);
    if (head is null)
        return false;
    using var net = new PhotoNet(start);
    Pretrained.Load(net);
    Pretrained.LoadHead(net, head);
    var path = Path.Combine(AppContext.BaseDirectory, "photos.safetensors");
    net.Save(path);
    Console.WriteLine(path);
    foreach (var (name, pixels) in own)
    {
        var probabilities = net.Predict(pixels);
        var likely = probabilities[1] > probabilities[0] ? 1 : 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {photos.ClassNames[likely]} ({probabilities[likely]:P0})"));
    }

    return true;
}
