using System.CommandLine;
using System.Globalization;
using ModelDsl;
using TextClassifier;

const string Help = $"""
    This sample learns to tell positive reviews of hotels from negative ones. It needs a folder with {Reviews.FileName}: 7,766 reviews in Chinese, in the columns
    'label' (0 or 1) and 'review'. Get the file from https://github.com/SophonPlus/ChineseNlpCorpus, folder datasets/ChnSentiCorp_htl_all:

        dotnet run -c Release --project samples/TextClassifier -- --data FOLDER
    """;

var data = new Option<DirectoryInfo>("--data") { Description = $"The folder with {Reviews.FileName}." };
var bidirectional = new Option<bool>("--bidirectional") { Description = "The LSTM reads in both directions." };
var transformer = new Option<bool>("--transformer") { Description = "A small Transformer encoder instead of convolution and LSTM." };
var epochs = new Option<int>("--epochs") { Description = "How often to go through the training reviews at most.", DefaultValueFactory = _ => 10 };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, orders and the split.", DefaultValueFactory = _ => 1 };
var seeds = new Option<int>("--seeds") { Description = "Trains with so many seeds, from --seed on, and prints mean and spread.", DefaultValueFactory = _ => 1 };
var quick = new Option<bool>("--quick") { Description = "Two epochs over some of the reviews, to see that all works." };
var predict = new Option<string[]>("--predict") { Description = "Reviews of one's own to classify afterwards.", AllowMultipleArgumentsPerToken = true };

var command = new RootCommand("Tells positive reviews from negative ones.") { data, bidirectional, transformer, epochs, seed, seeds, quick, predict };
foreach (var count in new[] { epochs, seeds })
{
    count.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < 1)
            result.AddError($"{count.Name} is a number from 1 on.");
    });
}

predict.Validators.Add(result =>
{
    if (Array.Exists(result.GetValueOrDefault<string[]>() ?? [], string.IsNullOrWhiteSpace))
        result.AddError("--predict: a review is empty; give the texts in quotes, or leave the option out.");
});
command.Validators.Add(result =>
{
    if (result.GetValue(bidirectional) && result.GetValue(transformer))
        result.AddError("--bidirectional and --transformer are two different models: give one of them.");
    if (result.GetResult(seeds) is not null && result.GetResult(predict) is not null)
        result.AddError("--predict needs one model: leave --seeds out.");
});
return SampleProgram.Run(command, args, Run, Help, refusesInput: true);

int Run(ParseResult options, CancellationToken cancellation)
{
    if (options.GetValue(data) is not { } folder)
    {
        Console.WriteLine(Help);
        return 2;
    }

    return Learn(Reviews.Read(folder.FullName), options, cancellation);
}

int Learn(Reviews reviews, ParseResult options, CancellationToken cancellation)
{
    // Before training, so that a text that cannot be classified is an error at once.
    var own = options.GetValue(predict) ?? [];
    var tokens = Array.ConvertAll(own, reviews.Encode);

    var texts = string.Create(CultureInfo.InvariantCulture, $"{reviews.Samples.Count:N0} reviews, {reviews.Tokenizer.VocabularySize:N0} token ids");
    Console.WriteLine(reviews.Empty == 0 ? $"{texts}." : $"{texts}; {reviews.Empty} without a text left out.");
    var course = options.GetValue(quick)
        ? new Course(reviews, Create, Epochs: 2, Most: 4_000)
        : new Course(reviews, Create, options.GetValue(epochs), Most: int.MaxValue);
    if (options.GetValue(seeds) > 1)
        return course.Compare(options.GetValue(seed), options.GetValue(seeds), cancellation) ? 0 : 1;

    using var model = course.Run(options.GetValue(seed), cancellation);
    if (model is null)
        return 1;
    var path = Path.Combine(AppContext.BaseDirectory, "reviews.safetensors");
    model.Save(path);
    reviews.Tokenizer.Save(Path.ChangeExtension(path, ".tokenizer.json"));
    Console.WriteLine(path);
    for (var i = 0; i < own.Length; i++)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{own[i]}: positive with a probability of {Predict(model, tokens[i])[1]:P0}"));
    return 0;

    Model Create(int start) =>
        options.GetValue(transformer) ? new EncoderModel(start) : options.GetValue(bidirectional) ? new BidirectionalModel(start) : new ReviewModel(start);
}

static float[] Predict(Model model, int[] tokens) => model switch
{
    ReviewModel lstm => lstm.Predict(tokens),
    BidirectionalModel both => both.Predict(tokens),
    EncoderModel encoder => encoder.Predict(tokens),
    _ => throw new ArgumentException($"{model.Description.Name} is no model of this sample.", nameof(model)),
};
