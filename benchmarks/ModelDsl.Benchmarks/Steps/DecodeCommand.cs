using System.CommandLine;
using System.Text.Json;
using CharGpt;

namespace ModelDsl.Benchmarks.Steps;

/// <summary>The command that times how long a session takes for a token, and prints one line of JSON.</summary>
internal static class DecodeCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Which model.", DefaultValueFactory = _ => "gpt" }.AcceptOnlyFromAmong("gpt", "gpt2");
        var batch = new Option<int>("--batch") { Description = "Texts that are continued at a time.", DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { Description = "Threads a step may use.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var seconds = new Option<double>("--seconds") { Description = "How long to measure.", DefaultValueFactory = _ => 3 };
        var bits = new Option<int>("--vector-bits") { Description = "Width of the vectors.", DefaultValueFactory = _ => CpuDevice.BestVectorBits };

        var command = new Command("decode", "Times a session: a whole context of tokens, one after the other and as a prompt, and prints one line of JSON.") { model, batch, threads, seconds, bits };
        command.SetAction(options =>
        {
            using var device = new CpuDevice { Threads = options.GetValue(threads), VectorBits = options.GetValue(bits) };
            Console.WriteLine(Measure(options.GetValue(model)!, options.GetValue(batch), device, options.GetValue(seconds)));
        });
        return command;
    }

    private static string Measure(string name, int batch, CpuDevice device, double seconds)
    {
        using Model model = name == "gpt2" ? new Gpt2(seed: 1, device) : new GptModel(seed: 1, device);
        using var session = model is Gpt2 gpt2 ? gpt2.CreateSession(batch) : ((GptModel)model).CreateSession(batch);
        var context = session.Context;
        var random = new Random(1);
        var prompts = Enumerable.Range(0, batch * context).Select(_ => random.Next(session.Vocabulary)).ToArray();
        int[] one = [.. Enumerable.Repeat(1, batch)], all = [.. Enumerable.Repeat(context, batch)];
        var weightBytes = model.Parameters.Sum(parameter => sizeof(float) * (double)parameter.Count);

        // All positions have one share: a token at the end of the context reads more keys than one at its beginning.
        var tokens = StepTimer.Run(() =>
        {
            if (session.Position == context)
                Restart(session);
            session.Append(prompts.AsSpan(session.Position * batch, batch), one);
        }, seconds);
        var prompt = StepTimer.Run(() =>
        {
            Restart(session);
            session.Append(prompts, all);
        }, seconds);
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["model"] = name,
            ["batch"] = batch,
            ["threads"] = device.Threads,
            ["ms_per_token"] = Math.Round(tokens.MedianMs, 6),
            ["min_ms_per_token"] = Math.Round(tokens.MinMs, 6),
            ["allocated_bytes_per_token"] = Math.Round(tokens.AllocatedBytesPerStep, 3),
            ["prompt_tokens"] = context,
            ["prompt_ms"] = Math.Round(prompt.MedianMs, 6),
            ["vector_bits"] = device.VectorBits,
            ["weights_gb_per_s"] = Math.Round(weightBytes / tokens.MedianMs / 1e6, 3),
            ["best_weights_gb_per_s"] = Math.Round(weightBytes / tokens.MinMs / 1e6, 3),
            ["copy_gb_per_s"] = Math.Round(CopySpeed.GigabytesPerSecond(device.Threads), 3),
        });
    }

    private static void Restart(GenerationSession session)
    {
        for (var sample = 0; sample < session.Samples; sample++)
            session.Truncate(0, sample);
    }
}
