using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CharGpt;
using CharGpt.Pretrained;
using ModelDsl;

var text = new Option<FileInfo>("--text") { Description = "The text to learn from.", DefaultValueFactory = _ => new FileInfo("tinyshakespeare.txt") };
var data = new Option<DirectoryInfo>("--data") { Description = "A folder with tinyshakespeare.txt, instead of --text." };
var config = new Option<string>("--config") { Description = "cpu: 4 layers, 128 wide; gpu: 6 layers, 384 wide.", DefaultValueFactory = _ => "cpu" }.AcceptOnlyFromAmong("cpu", "gpu");
var steps = new Option<int?>("--steps") { Description = "Training steps; 2,000 for cpu and 5,000 for gpu when left out." };
var weights = new Option<DirectoryInfo>("--weights") { Description = "A folder with a GPT-2 as Hugging Face writes it, which continues --prompt; nothing is trained." };
var prompt = new Option<string>("--prompt") { Description = "The text that the GPT-2 of --weights continues.", DefaultValueFactory = _ => "" };
var tokens = new Option<int>("--tokens") { Description = "The number of tokens to write.", DefaultValueFactory = _ => 500 };
var temperature = new Option<double>("--temperature") { Description = "The divisor of the logits; 0 always writes the most likely token.", DefaultValueFactory = _ => 0.8 };
var topK = new Option<int>("--top-k") { Description = "The number of most likely tokens to choose from; 0 for all.", DefaultValueFactory = _ => 40 };
var topP = new Option<double>("--top-p") { Description = "Choose from the most likely tokens whose probabilities add up to this; 1 for all.", DefaultValueFactory = _ => 1 };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, orders and samples.", DefaultValueFactory = _ => 1 };

var command = new RootCommand("Learns to write like Shakespeare, with the configurations of nanoGPT; or writes with the weights of a GPT-2.")
{
    text, data, config, steps, weights, prompt, tokens, temperature, topK, topP, seed,
};
AddCheck(tokens, count => count >= 1, "a number from 1 on");
AddCheck(temperature, value => double.IsFinite(value) && value >= 0, "a number from 0 on");
AddCheck(topK, count => count >= 0, "a number from 0 on");
AddCheck(topP, value => value is >= 0 and <= 1, "a number from 0 to 1");
command.Validators.Add(result =>
{
    foreach (var training in (Option[])[text, data, config, steps])
    {
        if (result.GetResult(weights) is not null && result.GetResult(training) is { Implicit: false })
            result.AddError($"--weights trains nothing, so {training.Name} has no meaning: give one of them.");
    }

    if (result.GetResult(weights) is null && result.GetResult(prompt) is { Implicit: false })
        result.AddError("--prompt is continued by the GPT-2 of --weights: name its folder.");
});
return SampleProgram.Run(command, args, Run, refusesInput: true);

int Run(ParseResult options, CancellationToken cancellation)
{
    var sampling = new Sampling(options.GetValue(tokens), options.GetValue(temperature), options.GetValue(topK), options.GetValue(topP), options.GetValue(seed));
    return options.GetValue(weights) is { } folder ? Continue(folder.FullName, options.GetValue(prompt)!, sampling, cancellation) : Learn(options, sampling, cancellation);
}

int Learn(ParseResult options, Sampling sampling, CancellationToken cancellation)
{
    var file = options.GetValue(data) is { } folder ? new FileInfo(Path.Combine(folder.FullName, "tinyshakespeare.txt")) : options.GetValue(text)!;
    if (!file.Exists)
    {
        Console.WriteLine($"There is no {file.FullName}.\n\n    dotnet run -c Release --project samples/CharGpt -- --text FILE");
        return 2;
    }

    if (options.GetValue(config) == "gpu")
    {
        using var large = new LargeGpt(sampling.Seed);
        return new Course(file.FullName, LargeGpt.Context, Batch: 64, options.GetValue(steps) ?? 5000, sampling).Run(large, () => large.CreateSession(), cancellation);
    }

    using var small = new SmallGpt(sampling.Seed);
    return new Course(file.FullName, SmallGpt.Context, Batch: 12, options.GetValue(steps) ?? 2000, sampling).Run(small, () => small.CreateSession(), cancellation);
}

int Continue(string folder, string beginning, Sampling sampling, CancellationToken cancellation)
{
    Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
    var watch = Stopwatch.StartNew();
    using var gpt2 = PretrainedGpt2.Load(folder, [Gpt2.Shape]);

    // The whole file was read before any weight was set. Writing allocates nothing, so nothing else would return that memory to the system.
    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    var count = gpt2.Model.Parameters.Sum(parameter => (long)parameter.Count);
    Line($"{gpt2.Shape.Name}: {count:N0} weights and {gpt2.Tokenizer.VocabularySize:N0} tokens, loaded in {watch.Elapsed.TotalSeconds:0.0} s.\n");
    var continuation = Continuation.Write(gpt2, beginning, sampling, Console.Out, cancellation);
    Line($"\n{continuation}");
    using var process = Process.GetCurrentProcess();
    Line($"Memory: {4 * count / 1e6:N0} MB of weights, {process.WorkingSet64 / 1e6:N0} MB now, {process.PeakWorkingSet64 / 1e6:N0} MB at most while loading.");
    return continuation.Reason == FinishReason.Cancelled ? 1 : 0;
}

static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

static void AddCheck<T>(Option<T> option, Func<T, bool> isValid, string expected) => option.Validators.Add(result =>
{
    if (!isValid(result.GetValueOrDefault<T>()))
        result.AddError($"{option.Name} is {expected}.");
});
