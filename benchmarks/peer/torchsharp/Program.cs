using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ModelDsl.Benchmarks.Steps;
using TorchSharp;
using TorchSharpPeer;
using static TorchSharp.torch;

// Times training steps, predictions and tokens of a session of the benchmark models in TorchSharp: a line of JSON per variant, with the keys of ModelDsl.Benchmarks.
//
//     dotnet run -c Release --project benchmarks/peer/torchsharp -- step --model mlp --batch 32 --threads 2
//     dotnet run -c Release --project benchmarks/peer/torchsharp -- decode --model gpt --batch 1 --threads 2
var batch = new Option<int?>("--batch") { Description = "Samples per step; 4 for linear, 12 for chargpt, 16 for gpt, 1 for gpt2 and 32 otherwise when left out; 1 for decode." };
var threads = new Option<int>("--threads") { Description = "Threads an operation may use.", DefaultValueFactory = _ => Environment.ProcessorCount };
var seconds = new Option<double>("--seconds") { Description = "How long to measure.", DefaultValueFactory = _ => 3 };
var infer = new Option<bool>("--infer") { Description = "Time predictions instead of training steps." };
var model = new Option<string>("--model") { Description = "Which model.", DefaultValueFactory = _ => "mlp" }.AcceptOnlyFromAmong([.. PeerCase.Names]);
var generating = new Option<string>("--model") { Description = "Which model.", DefaultValueFactory = _ => "gpt" }.AcceptOnlyFromAmong("gpt");

var step = new Command("step", "Times whole steps: zero_grad, forward, loss, backward, Adam.") { model, batch, threads, infer, seconds };
step.SetAction(options => Step(options.GetValue(model)!, options.GetValue(batch), options.GetValue(threads), options.GetValue(infer), options.GetValue(seconds)));
var decode = new Command("decode", "Times a session with a cache of keys and values: a whole context of tokens, one after the other and as a prompt.") { generating, batch, threads, seconds };
decode.SetAction(options => Decode(options.GetValue(generating)!, options.GetValue(batch) ?? 1, options.GetValue(threads), options.GetValue(seconds)));
return new RootCommand("Measures models in TorchSharp.") { step, decode }.Parse(args).Invoke();

static void Step(string name, int? batch, int threads, bool infer, double seconds)
{
    set_num_threads(threads);
    foreach (var channelsLast in PeerCase.IsPicture(name) ? [false, true] : new[] { false })
    {
        manual_seed(0);
        var samples = batch ?? name switch { "linear" => 4, "chargpt" => 12, "gpt" => 16, "gpt2" => 1, _ => 32 };
        var one = PeerCase.Create(name, samples, channelsLast);
        var times = infer ? Predict(one, seconds) : Train(one, name, seconds);
        Print(name, samples, threads, channelsLast ? "TorchSharp, channels last" : "TorchSharp", new()
        {
            ["mode"] = infer ? "infer" : "train",
            ["median_ms"] = times.MedianMs,
            ["min_ms"] = times.MinMs,
            ["p10_ms"] = times.P10Ms,
            ["steps"] = times.Steps,
        });
    }
}

static StepTimes Predict(PeerCase one, double seconds)
{
    one.Model.eval();
    using var guard = inference_mode();
    return StepTimer.Run(
        () =>
        {
            using var scope = NewDisposeScope();
            one.Model.call(one.Inputs);
        },
        seconds);
}

static StepTimes Train(PeerCase one, string name, double seconds)
{
    using optim.Optimizer optimizer = name == "linear" ? optim.SGD(one.Model.parameters(), 1e-2) : optim.Adam(one.Model.parameters(), 1e-3);
    return StepTimer.Run(
        () =>
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            one.Loss(one.Model.call(one.Inputs), one.Targets).backward();
            optimizer.step();
        },
        seconds);
}

static void Decode(string name, int batch, int threads, double seconds)
{
    set_num_threads(threads);
    manual_seed(0);
    using var guard = inference_mode();
    var shape = GptShape.Small;
    using var gpt = new Gpt(shape);
    gpt.eval();
    var decoder = new Decoder(gpt, batch);
    var tokens = randint(0, shape.Vocabulary, new long[] { batch, shape.Context }, dtype: ScalarType.Int64);
    var columns = tokens.split(1, dim: 1);
    decoder.Check(tokens, columns);

    var position = 0;
    var token = StepTimer.Run(
        () =>
        {
            using var scope = NewDisposeScope();
            decoder.Append(columns[position], position);
            position = (position + 1) % shape.Context;
        },
        seconds);
    var prompt = StepTimer.Run(
        () =>
        {
            using var scope = NewDisposeScope();
            decoder.Append(tokens, 0);
        },
        seconds);
    Print(name, batch, threads, "TorchSharp", new()
    {
        ["ms_per_token"] = token.MedianMs,
        ["min_ms_per_token"] = token.MinMs,
        ["prompt_tokens"] = shape.Context,
        ["prompt_ms"] = prompt.MedianMs,
    });
}

static void Print(string name, int batch, int threads, string variant, Dictionary<string, object> results)
{
    Dictionary<string, object> all = new()
    {
        ["torch"] = string.Create(CultureInfo.InvariantCulture, $"TorchSharp {typeof(torch).Assembly.GetName().Version}"),
        ["model"] = name,
        ["batch"] = batch,
        ["threads"] = threads,
        ["variant"] = variant,
    };
    foreach (var (key, value) in results)
        all[key] = value is double number ? Math.Round(number, 6) : value;
    Console.WriteLine(JsonSerializer.Serialize(all));
}
