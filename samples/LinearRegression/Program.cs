using System.CommandLine;
using System.Globalization;
using LinearRegression;
using ModelDsl;
using Spectre.Console;

var epochs = new Option<int>("--epochs") { Description = "Steps of gradient descent.", DefaultValueFactory = _ => 500 };
var rate = new Option<double>("--rate") { Description = "The learning rate.", DefaultValueFactory = _ => 0.2 };
var seed = new Option<int>("--seed") { Description = "Decides points and initial weights.", DefaultValueFactory = _ => 1 };

var command = new RootCommand("Fits y = 2x + 0.5 + noise by gradient descent, beside the least squares solution.") { epochs, rate, seed };
command.SetAction(options => Fit(options.GetValue(epochs), options.GetValue(rate), options.GetValue(seed)));
return command.Parse(args).Invoke();

static int Fit(int epochs, double rate, int seed)
{
    // A hundred points between -1 and 1.
    var random = new Random(seed);
    var x = new float[100];
    var y = new float[x.Length];
    for (var i = 0; i < x.Length; i++)
    {
        x[i] = (2 * random.NextSingle()) - 1;
        y[i] = (2 * x[i]) + 0.5f + (0.1f * Noise(random));
    }

    // One batch of all points: full-batch gradient descent.
    using var line = new Line(seed);
    var trainer = new Trainer(new Sgd(rate)) { Epochs = epochs, BatchSize = x.Length, Shuffle = false };
    var history = trainer.Fit(line, Dataset.FromArrays(x, y));

    var best = LeastSquares.Fit(x, y);
    var (slope, intercept) = (line.Parameters["dense1.weight"][0, 0], line.Parameters["dense1.bias"][0]);
    var table = new Table().AddColumns("", "slope", "intercept", "mean squared error");
    Row(table, "drawn with", 2, 0.5, Error(x, y, 2, 0.5));
    Row(table, "gradient descent", slope, intercept, Error(x, y, slope, intercept));
    Row(table, "least squares", best.Slope, best.Intercept, Error(x, y, best.Slope, best.Intercept));
    AnsiConsole.Write(table);
    AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{history.Steps} steps in {history.Duration.TotalMilliseconds:0.0} ms."));
    AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Predict(0.25) = {line.Predict([0.25f])[0]:0.0000}"));

    // Where they have not met, the rate or the number of steps does not suit.
    return Math.Abs(slope - best.Slope) < 1e-3 && Math.Abs(intercept - best.Intercept) < 1e-3 ? 0 : 1;
}

static void Row(Table table, string name, double slope, double intercept, double error) =>
    table.AddRow(name, Number(slope), Number(intercept), Number(error));

static string Number(double value) => value.ToString("0.000000", CultureInfo.InvariantCulture);

static double Error(float[] x, float[] y, double slope, double intercept) =>
    x.Zip(y, (a, b) => Math.Pow((slope * a) + intercept - b, 2)).Average();

// The sum of twelve uniform numbers is nearly normal, with variance 1.
static float Noise(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextSingle()) - 6;
