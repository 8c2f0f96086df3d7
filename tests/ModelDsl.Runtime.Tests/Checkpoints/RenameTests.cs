using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Checkpoints;

/// <summary>Files of other frameworks: other names, and advice that has been tried.</summary>
public sealed class RenameTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl").FullName;

    private string Path => System.IO.Path.Combine(folder, "net.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Rules_give_the_tensors_of_a_file_the_names_of_the_model()
    {
        Save("net.features.0.weight:6 net.features.0.bias:2 net.features.10.weight:4 net.norm.gamma:3 net.head.weight:5");
        using var model = Of("part.conv2D1.weight:6 part.conv2D1.bias:2 part.conv2D2.weight:4 part.norm.weight:3 part.head.weight:5");
        var report = model.Load(Path, new LoadOptions
        {
            FilePrefix = "net.",
            Prefix = "part.",
            Rename = [("features.0", "conv2D1"), ("features.1", "wrong"), ("features.10.", "conv2D2."), ("*.gamma", "*.weight")],
        });

        Assert.Equal(5, report.Loaded.Count);
        Assert.Equal(Value("net.features.10.weight"), model.Parameters["part.conv2D2.weight"].ToArray()[0]);
        Assert.Equal(Value("net.norm.gamma"), model.Parameters["part.norm.weight"].ToArray()[0]);
    }

    [Theory]
    [InlineData("a.b.weight", "a.b", "x", "x.weight")]
    [InlineData("a.b.weight", "a.b.weight", "x", "x")]
    [InlineData("a.bc.weight", "a.b", "x", "a.bc.weight")]
    [InlineData("a.b.weight", "a.", "", "b.weight")]
    [InlineData("layers.3.attn.weight", "layers.*.attn.*", "block*.attention.*", "block3.attention.weight")]
    [InlineData("layers.3.attn.weight", "layers.*.", "block*.", "block3.attn.weight")]
    [InlineData("layers.9.attn.weight", "layers.#.", "block#+1.", "block10.attn.weight")]
    [InlineData("a.gamma", "*.gamma", "*.weight", "a.weight")]
    [InlineData("a.gamma.x", "*.gamma", "*.weight", "a.gamma.x")]
    public void A_rule_is_a_beginning_up_to_a_dot_or_a_pattern(string name, string from, string to, string expected)
    {
        Save($"{name}:2");
        using var model = Of($"{expected}:2");
        Assert.Single(model.Load(Path, new LoadOptions { Rename = [(from, to)] }).Loaded);
    }

    [Fact]
    public void The_first_rule_that_fits_is_the_only_one_so_names_can_change_places()
    {
        Save("a.weight:2 b.weight:2");
        using var model = Of("a.weight:2 b.weight:2");
        model.Load(Path, new LoadOptions { Rename = [("a.", "b."), ("b.", "a.")] });

        Assert.Equal(Value("b.weight"), model.Parameters["a.weight"].ToArray()[0]);
    }

    [Fact]
    public void Rules_that_cannot_be_applied_are_refused()
    {
        Save("a:2 b:2");
        using var model = Of("c:2");
        Assert.Contains("both become 'c'", Refusal(model, new LoadOptions { Rename = [("a", "c"), ("b", "c")] }), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Load(Path, new LoadOptions { Rename = [("", "x.")] }));
        Assert.Throws<ArgumentException>(() => model.Load(Path, new LoadOptions { Rename = [("a", "*")] }));
    }

    [Theory]
    [InlineData("conv2d1.weight:6 conv2d1.bias:2", "conv2D1.weight:6 conv2D1.bias:2", "did you mean Rename = [(\"conv2d1.\", \"conv2D1.\")]?")]
    [InlineData("Dense_1.weight:6 dense2.weight:6", "dense1.weight:6 dense2.weight:6", "did you mean Rename = [(\"Dense_1.\", \"dense1.\")]?")]
    [InlineData("fc2.weight:4 fc1.weight:4 bn1.weight:4", "batchNorm1.weight:4 dense1.weight:4 dense2.weight:4", "[(\"bn1.\", \"batchNorm1.\"), (\"fc1.\", \"dense1.\"), (\"fc2.\", \"dense2.\")]")]
    [InlineData("features.10.weight:4 features.2.weight:4 head.weight:3", "conv2D1.weight:4 conv2D2.weight:4 dense1.weight:3", "[(\"features.2.\", \"conv2D1.\"), (\"features.10.\", \"conv2D2.\"), (\"head.\", \"dense1.\")] (some of these layers were found by their shapes alone: check that they are the same)?")]
    [InlineData("norm.gamma:3 norm.beta:3", "layerNorm1.weight:3 layerNorm1.bias:3", "[(\"norm.gamma\", \"layerNorm1.weight\"), (\"norm.beta\", \"layerNorm1.bias\")]")]
    [InlineData("module.conv1.weight:4 x.weight:5", "conv2D1.weight:4 dense1.weight:7", "[(\"module.conv1.\", \"conv2D1.\")]? With AllowMissing = true and AllowUnexpected = true for the rest")]
    [InlineData("a.w:2 a.v:3", "trunk.w:2 trunk.v:3", "[(\"a.\", \"trunk.\")]")]
    public void Names_that_are_nearly_those_of_the_model_get_rules_that_load_them(string file, string model, string advice)
    {
        Save(file);
        using var net = Of(model);
        var refused = Refusal(net, new LoadOptions());

        Assert.Contains(advice, refused, StringComparison.Ordinal);
        Assert.NotEmpty(net.Load(Path, Advised(refused)).Loaded);
    }

    [Theory]
    [InlineData("a.weight:2 b.weight:3", "x.weight:5 y.weight:7")]
    [InlineData("a.weight:2", "x.weight:2 y.weight:2")]
    public void Where_nothing_would_be_loaded_no_option_is_advised(string file, string model)
    {
        Save(file);
        using var net = Of(model);
        var refused = Refusal(net, new LoadOptions());

        Assert.DoesNotContain("Allow", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("did you mean", refused, StringComparison.Ordinal);
        Assert.Contains("the file holds 'a.weight' [2]", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_in_excess_is_named()
    {
        Save("trunk.a.weight:2");
        using var model = Of("trunk.a.weight:2");

        Assert.Contains("did you mean Prefix = \"\"?", Refusal(model, new LoadOptions { Prefix = "trunk." }), StringComparison.Ordinal);
        Assert.Contains("did you mean FilePrefix = \"\"?", Refusal(model, new LoadOptions { FilePrefix = "tronk." }), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_large_network_each_layer_gets_a_rule()
    {
        var names = Enumerable.Range(0, 60).ToArray();
        Save(string.Join(' ', names.Select(i => $"layers.{i}.weight:{2 + (i % 3)}")));
        using var model = Of(string.Join(' ', names.Select(i => $"dense{i + 1}.weight:{2 + (i % 3)}")));

        Assert.Equal(60, model.Load(Path, Advised(Refusal(model, new LoadOptions()))).Loaded.Count);
        Assert.Equal(Value("layers.59.weight"), model.Parameters["dense60.weight"].ToArray()[0]);
    }

    private string Refusal(Model model, LoadOptions options) => Assert.Throws<CheckpointMismatchException>(() => model.Load(Path, options)).Message;

    /// <summary>The options that a message advises, read from it.</summary>
    private static LoadOptions Advised(string message)
    {
        var advice = message[message.IndexOf("What to do:", StringComparison.Ordinal)..];
        string Option(string name) => System.Text.RegularExpressions.Regex.Match(advice, $" {name} = \"([^\"]*)\"").Groups[1].Value;
        return new LoadOptions
        {
            Prefix = Option("Prefix"),
            FilePrefix = Option("FilePrefix"),
            Rename = [.. System.Text.RegularExpressions.Regex.Matches(advice, "\\(\"([^\"]*)\", \"([^\"]*)\"\\)").Select(rule => (rule.Groups[1].Value, rule.Groups[2].Value))],
            AllowMissing = advice.Contains("AllowMissing = true", StringComparison.Ordinal),
            AllowUnexpected = advice.Contains("AllowUnexpected = true", StringComparison.Ordinal),
            AllowMismatched = advice.Contains("AllowMismatched = true", StringComparison.Ordinal),
        };
    }

    /// <summary>A file of tensors, each filled with a number of its own.</summary>
    private void Save(string tensors)
    {
        using var model = Of(tensors);
        foreach (var parameter in model.Parameters)
            parameter.CopyFrom(Enumerable.Repeat(Value(parameter.Name), parameter.ToArray().Length).ToArray());
        model.Save(Path);
    }

    private static float Value(string name) => name.Aggregate(17, static (hash, symbol) => ((hash * 31) + symbol) % 65536);

    private static FlatModel Of(string tensors) => new(Device.Cpu, [.. tensors.Split(' ').Select(static tensor =>
    {
        var at = tensor.IndexOf(':', StringComparison.Ordinal);
        return (tensor[..at], new[] { int.Parse(tensor[(at + 1)..], System.Globalization.CultureInfo.InvariantCulture) }, double.NaN);
    })]);
}
