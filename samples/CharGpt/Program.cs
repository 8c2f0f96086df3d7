using System.CommandLine;
using System.Globalization;
using CharGpt;
using ModelDsl;
using Spectre.Console;

// Exit codes: 0 when all went well, 1 when training was cancelled or the file cannot be read, 2 without a text.
AnsiConsole.Profile.Capabilities.Ansi &= !Console.IsOutputRedirected;

var text = new Option<FileInfo>("--text") { Description = "The text to learn from.", DefaultValueFactory = _ => new FileInfo("tinyshakespeare.txt") };
var data = new Option<DirectoryInfo>("--data") { Description = "A folder with tinyshakespeare.txt, instead of --text." };
var config = new Option<string>("--config") { Description = "cpu: 4 layers, 128 wide; gpu: 6 layers, 384 wide.", DefaultValueFactory = _ => "cpu" }.AcceptOnlyFromAmong("cpu", "gpu");
var steps = new Option<int?>("--steps") { Description = "Training steps; 2,000 for cpu and 5,000 for gpu when left out." };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, orders and samples.", DefaultValueFactory = _ => 1 };

var command = new RootCommand("Learns to write like Shakespeare, with the configurations of nanoGPT.") { text, data, config, steps, seed };
// On another thread, because Ctrl+C sets the token only after this method has returned. Then the current step is completed.
command.SetAction((options, cancellation) => Task.Run(() => Run(options, cancellation)));
return command.Parse(args).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

int Run(ParseResult options, CancellationToken cancellation)
{
    var file = options.GetValue(data) is { } folder ? new FileInfo(Path.Combine(folder.FullName, "tinyshakespeare.txt")) : options.GetValue(text)!;
    if (!file.Exists)
    {
        Console.WriteLine($"There is no {file.FullName}.\n\n    dotnet run -c Release --project samples/CharGpt -- --text FILE");
        return 2;
    }

    try
    {
        var start = options.GetValue(seed);
        if (options.GetValue(config) == "gpu")
        {
            using var large = new LargeGpt(start);
            return new Course(file.FullName, LargeGpt.Context, Batch: 64, options.GetValue(steps) ?? 5000, start).Run(large, () => large.CreateSession(), cancellation);
        }

        using var small = new SmallGpt(start);
        return new Course(file.FullName, SmallGpt.Context, Batch: 12, options.GetValue(steps) ?? 2000, start).Run(small, () => small.CreateSession(), cancellation);
    }
    catch (Exception damaged) when (damaged is IOException or InvalidDataException)
    {
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{damaged.Message}"));
        return 1;
    }
}
