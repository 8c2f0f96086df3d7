using System.CommandLine;
using QuickStart;
using Spectre.Console;

AnsiConsole.Profile.Capabilities.Ansi &= !Console.IsOutputRedirected;

var text = new Option<FileInfo>("--text") { Description = "A text file to learn from, instead of this repository's source files." };
var epochs = new Option<int>("--epochs") { Description = "How often to go through the text; of a long one, an epoch takes at most 3.7 million characters.", DefaultValueFactory = _ => 1 };
var minutes = new Option<double>("--minutes") { Description = "When to stop training at the latest.", DefaultValueFactory = _ => 5 };
var quick = new Option<bool>("--quick") { Description = "A few seconds with a little of the text, to see that all works." };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, orders and samples.", DefaultValueFactory = _ => 1 };
text.AcceptExistingOnly();

var command = new RootCommand("Learns to write like a text, character by character.") { text, epochs, minutes, quick, seed };
// On another thread, because Ctrl+C sets the token only after this method has returned. Then the current step is completed.
command.SetAction((options, cancellation) => Task.Run(() => Run(options, cancellation)));
return command.Parse(args).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

// Exit codes: 0 when all went well, 1 without a text to learn from, when cancelled, or when the reloaded weights give another loss.
int Run(ParseResult options, CancellationToken cancellation)
{
    try
    {
        var corpus = options.GetValue(text) is { } file ? Corpus.OfFile(file.FullName) : Corpus.OfRepository();
        var tour = options.GetValue(quick)
            ? new Tour(corpus.Take(200_000), Epochs: 1, TimeSpan.FromMinutes(1), options.GetValue(seed))
            : new Tour(corpus, options.GetValue(epochs), TimeSpan.FromMinutes(options.GetValue(minutes)), options.GetValue(seed));
        return tour.Run(cancellation);
    }
    catch (Exception exception) when (exception is IOException or InvalidDataException)
    {
        Console.Error.WriteLine(exception.Message);
        return 1;
    }
}
