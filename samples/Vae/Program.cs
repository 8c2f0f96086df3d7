using System.CommandLine;
using System.Globalization;
using ModelDsl;
using ModelDsl.Images;
using Vae;

var data = new Option<DirectoryInfo>("--data") { Description = "The folder with MNIST's IDX files.", DefaultValueFactory = _ => new DirectoryInfo("mnist") };
var epochs = new Option<int>("--epochs") { Description = "How often to go through the digits.", DefaultValueFactory = _ => 10 };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, noise and orders.", DefaultValueFactory = _ => 1 };
var output = new Option<DirectoryInfo>("--output") { Description = "Where pictures go.", DefaultValueFactory = _ => new DirectoryInfo(AppContext.BaseDirectory) };

var command = new RootCommand("Learns to encode handwritten digits in 20 numbers, and to paint new ones.") { data, epochs, seed, output };
return SampleProgram.Run(command, args, Run, "    dotnet run -c Release --project samples/Vae -- --data FOLDER");

int Run(ParseResult options, CancellationToken cancellation)
{
    var (train, test) = Mnist.Load(options.GetValue(data)!.FullName, labels: false);
    return Learn(train, test, options.GetValue(epochs), options.GetValue(seed), options.GetValue(output)!.FullName, cancellation);
}

static int Learn(Dataset train, Dataset test, int epochs, int seed, string folder, CancellationToken cancellation)
{
    const int Shown = 10;
    using var model = new DigitVae(seed);
    Console.WriteLine(model.Summary());
    var trainer = new Trainer(new Adam(1e-3)) { Epochs = epochs, BatchSize = 128, Seed = seed };
    if (trainer.Fit(model, train, test, cancellation).Cancelled)
        return 1;

    Directory.CreateDirectory(folder);
    foreach (var batch in test.Batches(Shown, cancellation: cancellation))
    {
        var pixels = batch.Floats(0);
        var image = model.Predict(pixels).Image;
        Save(Path.Combine(folder, "reconstructions.png"), [.. pixels, .. image], Shown);
        break;
    }

    // The painter is the decoder alone; both know its weights by the same names.
    using var painter = new DigitPainter();
    foreach (var parameter in painter.Parameters)
        parameter.CopyFrom(model.Parameters[parameter.Name].ToArray());
    var random = new Random(seed);
    var points = new float[Shown * Shown * DigitVae.Latent];
    for (var i = 0; i < points.Length; i++)
        points[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    Save(Path.Combine(folder, "samples.png"), painter.Predict(points), Shown);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Test loss {trainer.Evaluate(model, test).Loss:0.00} nats per digit, without noise."));
    Console.WriteLine($"{Path.Combine(folder, "reconstructions.png")}: digits and what is left of them\n{Path.Combine(folder, "samples.png")}: digits that nobody wrote");
    return 0;
}

static void Save(string path, ReadOnlySpan<float> digits, int columns) => ImageSheet.Of(digits, 28, 28, columns: columns).SavePng(path);
