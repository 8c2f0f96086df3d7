using System.CommandLine;
using System.Globalization;
using MaskedLanguage;
using ModelDsl;
using TextClassifier;

const string Help = $"""
    This sample learns from reviews of hotels without their labels, and then to tell positive ones from negative ones with a few labels. It needs a folder with {Reviews.FileName}:
    7,766 reviews in Chinese, in the columns 'label' (0 or 1) and 'review'. Get the file from https://github.com/SophonPlus/ChineseNlpCorpus, folder datasets/ChnSentiCorp_htl_all:

        dotnet run -c Release --project samples/MaskedLanguage -- --data FOLDER
    """;

var data = new Option<DirectoryInfo>("--data") { Description = $"The folder with {Reviews.FileName}." };
var weights = new Option<FileInfo>("--weights") { Description = "The weights of an earlier pre-training, which is then left out." };
var epochs = new Option<int>("--epochs") { Description = "The number of passes of the pre-training over the reviews.", DefaultValueFactory = _ => 4 };
var labels = new Option<int>("--labels") { Description = "The number of reviews with a label.", DefaultValueFactory = _ => 200 };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, orders, hidden characters and which reviews have a label.", DefaultValueFactory = _ => 1 };
var seeds = new Option<int>("--seeds") { Description = "The number of seeds, from --seed on, with which classifiers are trained.", DefaultValueFactory = _ => 5 };
var quick = new Option<bool>("--quick") { Description = "One epoch over some of the reviews and two seeds, to see that everything works." };

var command = new RootCommand("Pre-trains a Transformer encoder on reviews without labels, and a classifier with a few labels.") { data, weights, epochs, labels, seed, seeds, quick };
foreach (var (count, least) in new[] { (epochs, 1), (labels, 10), (seeds, 2) })
{
    count.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < least)
            result.AddError($"{count.Name} is a number from {least} on.");
    });
}

command.Validators.Add(result =>
{
    if (result.GetResult(weights) is not null && result.GetResult(epochs) is { Implicit: false })
        result.AddError("--weights leaves the pre-training out, so --epochs has no meaning: give one of them.");
});
return SampleProgram.Run(command, args, Run, refusesInput: true);

int Run(ParseResult options, CancellationToken cancellation)
{
    if (options.GetValue(data) is not { } folder)
    {
        Console.WriteLine(Help);
        return 2;
    }

    try
    {
        var reviews = ReviewTexts.Read(folder.FullName);
        if (options.GetValue(labels) > reviews.Train.Length)
            throw new ArgumentException($"--labels is {options.GetValue(labels)}, but there are {reviews.Train.Length} reviews for training.");
        return Learn(reviews, options, cancellation);
    }
    catch (FileNotFoundException missing) when (Path.GetFileName(missing.FileName) == Reviews.FileName)
    {
        Console.WriteLine($"{missing.Message}\n\n{Help}");
        return 2;
    }
}

int Learn(ReviewTexts reviews, ParseResult options, CancellationToken cancellation)
{
    Line($"{reviews.Train.Length:N0} reviews for training, of which {options.GetValue(labels):N0} with a label, and {reviews.Test.Length:N0} others for the test.");
    var (start, isQuick) = (options.GetValue(seed), options.GetValue(quick));
    var path = options.GetValue(weights)?.FullName ?? Path.Combine(AppContext.BaseDirectory, "masked.safetensors");
    using var pretraining = options.GetValue(weights) is null ? Pretraining.Create(reviews, start) : Pretraining.Load(path);
    if (options.GetValue(weights) is null)
    {
        Console.WriteLine(pretraining.Model.Summary());
        if (!pretraining.Train(isQuick ? reviews.Train.Take(1_000) : reviews.Train, isQuick ? 1 : options.GetValue(epochs), start, TrainingView.Default, cancellation))
            return 1;
        pretraining.Save(path);
        Console.WriteLine(path);
    }

    Line($"\nHidden characters of test reviews: {pretraining.Evaluate(reviews.Test)}\n");
    foreach (var review in reviews.Test.Take(3))
        Line($"{Guesses.Of(pretraining, review.Text, start)}\n");

    var comparison = new Comparison(reviews, pretraining.Tokenizer, path, options.GetValue(labels));
    return comparison.Run(start, isQuick ? 2 : options.GetValue(seeds), cancellation) ? 0 : 1;
}

static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
