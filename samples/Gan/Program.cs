using System.CommandLine;
using System.Globalization;
using Gan;
using ModelDsl;
using ModelDsl.Images;

var data = new Option<DirectoryInfo>("--data") { Description = "The folder with MNIST's IDX files.", DefaultValueFactory = _ => new DirectoryInfo("mnist") };
var epochs = new Option<int>("--epochs") { Description = "How often to go through the digits.", DefaultValueFactory = _ => 30 };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, noise and orders.", DefaultValueFactory = _ => 1 };
var output = new Option<DirectoryInfo>("--output") { Description = "Where pictures go.", DefaultValueFactory = _ => new DirectoryInfo(AppContext.BaseDirectory) };

var command = new RootCommand("Learns to paint handwritten digits from noise.") { data, epochs, seed, output };
return SampleProgram.Run(command, args, Run, "    dotnet run -c Release --project samples/Gan -- --data FOLDER");

int Run(ParseResult options, CancellationToken cancellation)
{
    var (digits, _) = Mnist.Load(options.GetValue(data)!.FullName, labels: false);
    return Learn(digits, options.GetValue(epochs), options.GetValue(seed), options.GetValue(output)!.FullName, cancellation);
}

static int Learn(Dataset digits, int epochs, int seed, string folder, CancellationToken cancellation)
{
    const int BatchSize = 64;
    Directory.CreateDirectory(folder);
    using var model = new DigitGan(seed);
    Console.WriteLine(model.Summary());

    // An optimizer for each part: their steps do not touch the other's weights.
    var (generating, judging) = (new Adam(2e-4, beta1: 0.5), new Adam(2e-4, beta1: 0.5));
    var noise = new Noise(seed);
    var same = noise.Draw(100 * DigitGan.Noise);
    var batch = new Batch([.. model.Description.Inputs, .. model.Description.Targets], BatchSize);
    model.EnsureBatchCapacity(BatchSize);
    for (var epoch = 1; epoch <= epochs; epoch++)
    {
        var (judged, generated, steps) = (0.0, 0.0, 0);
        foreach (var real in digits.Batches(BatchSize, shuffle: true, seed: seed + epoch, dropLast: true, cancellation: CancellationToken.None))
        {
            if (cancellation.IsCancellationRequested)
                return 1;
            batch.Count = real.Count;
            real.Floats(0).CopyTo(batch.Floats(1));
            noise.Fill(batch.Floats(0));
            model.BackwardDiscriminatorLoss(batch);
            judging.Update(model.Discriminator);
            judged += model.LastLoss;

            noise.Fill(batch.Floats(0));
            model.BackwardGeneratorLoss(batch);
            generating.Update(model.Generator);
            generated += model.LastLoss;
            steps++;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Epoch {epoch}/{epochs}: discriminator {judged / steps:0.0000}, generator {generated / steps:0.0000}"));
        var pixels = model.Predict(same);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (pixels[i] + 1) / 2;
        Save(Path.Combine(folder, $"epoch{epoch:00}.png"), pixels, columns: 10);
    }

    Console.WriteLine($"A picture per epoch is in {folder}.");
    return 0;
}

static void Save(string path, ReadOnlySpan<float> digits, int columns) => ImageSheet.Of(digits, 28, 28, columns: columns).SavePng(path);
