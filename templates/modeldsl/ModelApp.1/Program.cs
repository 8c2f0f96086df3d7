using System.Globalization;
using ModelApp._1;
using ModelDsl;

// The only argument is the number of epochs.
var epochs = 40;
if (args.Length > 0 && (!int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out epochs) || epochs == 0))
{
    Console.Error.WriteLine($"'{args[0]}' is not a number of epochs; give a whole number such as 40.");
    return 1;
}

var data = SpiralData.Create(count: 2000, seed: 1);
var test = SpiralData.Create(count: 500, seed: 2);

using var classifier = new SpiralClassifier(seed: 1);
Console.WriteLine(classifier.Summary());

var trainer = new Trainer(new Adam(3e-3))
{
    Epochs = epochs,
    BatchSize = 32,
    ValidationSplit = 0.2,
    Callbacks = [new EarlyStopping(patience: 10)],
};
var history = trainer.Fit(classifier, data);
Console.WriteLine($"Trained for {history.Epochs.Count} epochs in {history.Duration.TotalSeconds:0.0} s.");
Console.WriteLine($"On points it has not seen: {trainer.Evaluate(classifier, test)}");

const string path = "spirals.safetensors";
classifier.Save(path);
using var loaded = SpiralClassifier.FromFile(path);
var probabilities = loaded.Predict([0.0f, 0.5f]);
Console.WriteLine($"Saved to {Path.GetFullPath(path)}.");
Console.WriteLine($"Loaded again: the point (0, 0.5) lies on the second spiral with a probability of {probabilities[1]:0.000}.");

// The folder that CompilerGeneratedFilesOutputPath names in the project file, seen from bin/Debug/net10.0.
var generated = Path.GetFullPath("../../../obj/Generated/ModelDsl.Generator/ModelDsl.Generator.ModelGenerator", AppContext.BaseDirectory);
if (Directory.Exists(generated))
    Console.WriteLine($"The generated code is in {generated}.");
return 0;
