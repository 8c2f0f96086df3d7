using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;

namespace ModelDsl.Benchmarks.Steps;

/// <summary>The command that times epochs over texts of very different lengths, with buckets and without, and prints one line of JSON.</summary>
internal static class EpochCommand
{
    private const string FileName = "ChnSentiCorp_htl_all.csv";
    private const int Length = 512;
    private const int Vocabulary = 4_000;
    private const int BatchSize = 32;

    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = $"The folder with {FileName}, reviews in its column 'review'.", Required = true };
        var threads = new Option<int>("--threads") { Description = "Threads a step may use.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var rounds = new Option<int>("--rounds") { Description = "Epochs of each model, which alternate.", DefaultValueFactory = _ => 3 };
        var most = new Option<int>("--samples") { Description = "Reviews of an epoch at most.", DefaultValueFactory = _ => int.MaxValue };

        var command = new Command("epoch", "Times epochs over reviews, with buckets of lengths and with one length, and prints one line of JSON.") { data, threads, rounds, most };
        command.SetAction(options =>
        {
            using var device = new CpuDevice { Threads = options.GetValue(threads) };
            Console.WriteLine(Measure(Read(options.GetValue(data)!, options.GetValue(most)), device, options.GetValue(rounds)));
        });
        return command;
    }

    private static Dataset Read(DirectoryInfo folder, int most)
    {
        var texts = CsvFile.ReadColumn(Path.Combine(folder.FullName, FileName), "review").Where(text => !string.IsNullOrWhiteSpace(text)).Take(most).ToArray();
        var tokenizer = CharacterTokenizer.FromTexts(texts, new VocabularyOptions { MaximumSize = Vocabulary });

        // Labels do not matter for the time.
        return Dataset.FromTexts(texts, new int[texts.Length], new TextInput(tokenizer, Length));
    }

    private static string Measure(Dataset samples, CpuDevice device, int rounds)
    {
        using var padded = new PaddedEncoderModel(seed: 1, device);
        using var bucketed = new BucketEncoderModel(seed: 1, device);
        var (plain, buckets, ratios) = (new double[rounds], new double[rounds], new double[rounds]);

        // Some steps of each, so that no epoch compiles kernels.
        Epoch(padded, samples.Select([.. Enumerable.Range(0, Math.Min(samples.Count, 4 * BatchSize))]));
        Epoch(bucketed, samples);
        for (var round = 0; round < rounds; round++)
        {
            plain[round] = Epoch(padded, samples);
            buckets[round] = Epoch(bucketed, samples);
            ratios[round] = plain[round] / buckets[round];
        }

        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["samples"] = samples.Count,
            ["threads"] = device.Threads,
            ["padded_s"] = Math.Round(Median(plain), 3),
            ["buckets_s"] = Math.Round(Median(buckets), 3),
            ["ratio"] = Math.Round(Median(ratios), 3),
            ["vector_bits"] = device.VectorBits,
        });
    }

    /// <returns>The time in seconds.</returns>
    private static double Epoch(Model model, Dataset samples)
    {
        var start = Stopwatch.GetTimestamp();
        new Trainer(new Adam(1e-4)) { Epochs = 1, BatchSize = BatchSize, Seed = 1, View = TrainingView.None }.Fit(model, samples);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
