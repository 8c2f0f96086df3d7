using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ModelDsl;
using Translate;

var pairs = new Option<FileInfo>("--pairs") { Description = "Pairs of your own instead of dates: in each line a text, a tabulator and its translation." };
var lstm = new Option<bool>("--lstm") { Description = "LSTMs with attention instead of a Transformer." };
var epochs = new Option<int>("--epochs") { Description = "The number of passes over the training pairs.", DefaultValueFactory = _ => 5 };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, orders and dates.", DefaultValueFactory = _ => 1 };
var beams = new Option<int>("--beams") { Description = "The number of beams for --translate.", DefaultValueFactory = _ => 4 };
var quick = new Option<bool>("--quick") { Description = "One epoch over some of the pairs, to see that everything works." };
var translate = new Option<string[]>("--translate") { Description = "Texts of your own to translate afterwards.", AllowMultipleArgumentsPerToken = true };

var command = new RootCommand("Learns to write dates in the notation of ISO 8601, or translations of your own.") { pairs, lstm, epochs, seed, beams, quick, translate };
foreach (var count in new[] { epochs, beams })
{
    count.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < 1)
            result.AddError($"{count.Name} is a number from 1 on.");
    });
}

return SampleProgram.Run(command, args, Learn, refusesInput: true);

int Learn(ParseResult options, CancellationToken cancellation)
{
    var isQuick = options.GetValue(quick);
    var data = options.GetValue(pairs) is { } file
        ? Pairs.Read(file.FullName, options.GetValue(seed))
        : Pairs.Of(DateNotations.Make(isQuick ? 2_000 : 22_000, options.GetValue(seed)));
    var own = options.GetValue(translate) ?? [];
    foreach (var text in own)
        data.Encode(text);

    using Model model = options.GetValue(lstm) ? new RecurrentModel(options.GetValue(seed)) : new AttentionModel(options.GetValue(seed));
    Console.WriteLine(model.Summary());
    Line($"{data.Train.Length:N0} pairs to learn from, {data.Test.Length:N0} others to test. The first: {data.Train[0].Source} → {data.Train[0].Target}\n");
    var translator = new Translator(data, model);
    if (!translator.Train(isQuick ? 1 : options.GetValue(epochs), options.GetValue(seed), TrainingView.Default, cancellation))
        return 1;

    Test(translator);
    foreach (var text in own)
    {
        Line($"\n{text}");
        foreach (var (translation, score) in translator.Search(text, options.GetValue(beams)))
            Line($"  {translation}  ({score:0.000})");
    }

    return 0;
}

void Test(Translator translator)
{
    var test = translator.Pairs.Test;
    var start = Stopwatch.GetTimestamp();
    var written = translator.Translate([.. test.Select(pair => pair.Source)]);
    var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    var right = test.Where((pair, i) => pair.Target == written[i]).Count();
    Line($"\n{right:N0} of {test.Length:N0} texts that it has not seen are translated without a mistake: {(double)right / test.Length:P2}. ({test.Length / seconds:N0} texts a second)\n");
    foreach (var i in Enumerable.Range(0, test.Length).OrderBy(i => test[i].Target == written[i]).Take(5))
        Line($"  {test[i].Source,-32} {written[i],-16}{(test[i].Target == written[i] ? "" : $"wrong: {test[i].Target}")}");
}

static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
