using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Embeddings;
using Spectre.Console;

var questions = new Argument<string[]>("question") { Description = "What is searched for. Without it, questions are read from the console, one on each line.", Arity = ArgumentArity.ZeroOrMore };
var data = new Option<DirectoryInfo>("--data") { Description = "The folder with texts (.txt and .md, also in folders below it); by default the documentation of ModelDsl." }.AcceptExistingOnly();
var most = new Option<int>("--most") { Description = "The number of passages that are shown.", DefaultValueFactory = _ => 3 };
var cache = new Option<DirectoryInfo>("--cache") { Description = "The folder where vectors are kept for the next run; by default that of the program." };

var command = new RootCommand("Searches texts for passages with the meaning of a question, with a network from an ONNX file.") { questions, data, most, cache };
most.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1)
        result.AddError("--most is a number from 1 on.");
});
return SampleProgram.Run(command, args, Run);

int Run(ParseResult options, CancellationToken cancellation)
{
    var program = AppContext.BaseDirectory;
    using var sentences = new Sentences(program);
    var passages = new Passages(sentences.Count).Read(options.GetValue(data)?.FullName ?? Path.Combine(program, "texts"));
    var known = new VectorFile(options.GetValue(cache)?.FullName ?? program, Path.Combine(program, Sentences.WeightsName));
    var watch = Stopwatch.StartNew();
    var index = SearchIndex.Of(passages, sentences, known, (done, all) => Status(done, all, watch.Elapsed), cancellation);
    Line($"{index.Passages.Count:N0} passages.");
    foreach (var question in options.GetValue(questions) is { Length: > 0 } given ? given : Asked())
        Answer(index, question, sentences.Encode(question), options.GetValue(most));
    return 0;
}

static IEnumerable<string> Asked()
{
    while (true)
    {
        if (!Console.IsInputRedirected)
            Console.Write("Question (an empty line ends): ");
        if (Console.ReadLine() is not { } line || string.IsNullOrWhiteSpace(line))
            yield break;
        yield return line.Trim();
    }
}

static void Answer(SearchIndex index, string question, float[] vector, int most)
{
    Line($"\n{question}");
    foreach (var (passage, similarity) in index.Search(vector, most))
    {
        Line($"  {similarity:F2}  {passage.File}:{passage.Line}");
        Line($"        {(passage.Text.Length > 160 ? passage.Text[..160] + "…" : passage.Text)}");
    }
}

static void Status(int done, int all, TimeSpan time)
{
    if (done == all)
        Line($"{all:N0} vectors computed in {time.TotalSeconds:F1} s.");
    else if (!Console.IsOutputRedirected)
        AnsiConsole.Markup(string.Create(CultureInfo.InvariantCulture, $"\r{done:N0} of {all:N0} vectors\r"));
}

static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
