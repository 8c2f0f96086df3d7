using System.Globalization;
using ModelDsl;
using ModelDsl.Images;

namespace Cifar10;

/// <summary>The way of a model: training, test, use.</summary>
internal sealed record Course(Dataset TrainingPictures, Dataset TestPictures, bool Augment, int Epochs, int BatchSize, int Seed, string? Run)
{
    /// <summary>What to do when the files are not there.</summary>
    public const string Help = """
        This sample needs the 60,000 pictures of CIFAR-10, in their "binary version". Get cifar-10-binary.tar.gz from
        https://www.cs.toronto.edu/~kriz/cifar.html, unpacked or not:

            dotnet run -c Release --project samples/Cifar10 -- --data FOLDER

        Some of the files, data_batch_1.bin to data_batch_5.bin, are enough together with test_batch.bin; .gz is recognised.
        """;

    private static readonly IReadOnlyList<string> ClassNames = ModelDsl.Images.Cifar10.ClassNames;

    /// <summary>Pictures are moved by up to four pixels, and what was beyond their edge is black.</summary>
    private Dataset Source => Augment
        ? TrainingPictures.Augment([new RandomFlip(), new RandomShift(0.125)], Seed, ImageEdge.Zero)
        : TrainingPictures;

    private Trainer TrainerOf(Model model)
    {
        // Plain momentum and decay of weights bring batch-normalised networks further than Adam does; the rate rises in the first epoch.
        var residual = model is ResidualNet;
        return new Trainer(residual ? new Sgd(8e-4 * BatchSize, momentum: 0.9, nesterov: true, weightDecay: 5e-4) : new Adam(1e-3))
        {
            Epochs = Epochs,
            BatchSize = BatchSize,
            EvaluationBatchSize = 100,
            Seed = Seed,
            Schedule = residual
                ? LearningRateSchedule.WarmUp(TrainingPictures.Count / BatchSize, LearningRateSchedule.Cosine())
                : LearningRateSchedule.Cosine(last: 0.02),
            // Checkpoints, log.csv and TensorBoard's files. Started again with the same folder, the program continues the run.
            RunFolder = Run,
        };
    }

    /// <summary>Writes a picture of the first batch, as the model will see it.</summary>
    public void Preview(string path)
    {
        ImageSheet.Of(Source.Batches(64, shuffle: true, Seed).First(), columns: 16).SavePng(path);
        Console.WriteLine(path);
    }

    /// <summary>Trains a model.</summary>
    /// <returns>False when it was cancelled.</returns>
    public bool Train(Model model, CancellationToken cancellation)
    {
        Console.WriteLine(model.Summary());
        // The test pictures decide nothing while training: they only show how it goes.
        var history = TrainerOf(model).Fit(model, Source, TestPictures, cancellation);
        if (history.Cancelled)
            return false;
        Line($"\n{history.Steps:N0} steps in {history.Duration.TotalSeconds:0} s; {history.Epochs.Average(epoch => epoch.DataShare):P1} of their time went by waiting for pictures.");
        return true;
    }

    /// <summary>Shows what the model confuses with what.</summary>
    public void Test(Model model, string path)
    {
        var matrix = new ConfusionMatrix(ClassNames);
        var score = TrainerOf(model).Evaluate(model, TestPictures, matrix);
        Line($"\n{matrix.Report()}\n\n{matrix}\n\nTest accuracy {score["accuracy"]:P2}.");
        matrix.ToImage().SavePng(path);
        Console.WriteLine(path);
    }

    /// <summary>Says what the model sees in a picture of any size.</summary>
    public static void Name(Model model, string path)
    {
        float[] pixels = new ImageInput(32, 32) { Fit = ImageFit.Crop }.Read(path);
        var chances = model switch
        {
            ResidualNet net => net.Predict(pixels),
            CifarNet net => net.Predict(pixels),
            _ => throw new ArgumentException($"{model.Description.Name} is no model of this sample.", nameof(model)),
        };
        var best = Enumerable.Range(0, chances.Length).OrderByDescending(i => chances[i]).Take(3).Select(i => string.Create(CultureInfo.InvariantCulture, $"{ClassNames[i]} {chances[i]:P0}"));
        Line($"{Path.GetFileName(path)}: {string.Join(", ", best)}");
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
