using System.Text.Json;
using System.Text.RegularExpressions;
using ModelDsl.Checkpoints;
using ModelDsl.Runtime.Tests.Support;

namespace ModelDsl.Runtime.Tests.Checkpoints;

/// <summary>Weights in the names and shapes of Hugging Face and PyTorch give their outputs: tests/vectors/pretrained.py.</summary>
public sealed class PretrainedTests : IDisposable
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "pretrained.json"))).RootElement;

    private static readonly IReadOnlyList<TensorRule> Tied = HuggingFaceRules.Gpt2(tokens: "wte", positions: "wpe.weight", norm: "ln_f");

    private static readonly IReadOnlyList<TensorRule> Listed = HuggingFaceRules.Gpt2(layer: "layer#+1.transformerEncoder1", head: "dense1.weight");

    private readonly string folder = Directory.CreateTempSubdirectory("modeldsl").FullName;

    private string Target => Path.Combine(folder, "net.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void GPT2_gives_its_logits()
    {
        using var model = new TinyGpt2(seed: 1);
        var report = model.Load(Given("gpt2"), new LoadOptions { Rules = Tied });

        AssertClose(Numbers("gpt2", "logits"), model.PredictLogits(Tokens("gpt2", "tokens")));
        Assert.Equal(model.Parameters.Count, report.Loaded.Count);
    }

    [Fact]
    public void GPT2_gives_its_logits_in_a_session()
    {
        using var model = new TinyGpt2(seed: 1);
        model.Load(Given("gpt2"), new LoadOptions { Rules = Tied });
        using var session = model.CreateSession();

        AssertClose(Numbers("gpt2", "logits")[(5 * 11)..(6 * 11)], session.Append(Tokens("gpt2", "tokens").AsSpan(0, 6)).ToArray());
    }

    [Fact]
    public void A_model_with_fewer_positions_takes_the_first_ones()
    {
        using var positions = new FlatModel(Device.Cpu, ("wpe.weight", [4, 8], double.NaN));
        positions.Load(Given("gpt2"), new LoadOptions { Rules = [.. Tied, TensorRule.Slice("wpe.weight", 0, 0, 4)], AllowUnexpected = true });
        using var file = SafetensorsFile.Open(Given("gpt2"));

        Assert.Equal(Floats(file)["wpe.weight"].Values[..(4 * 8)], positions.Parameters[0].ToArray());
    }

    [Fact]
    public void GPT2_as_a_list_of_layers_has_the_token_table_twice()
    {
        using var model = new ListedGpt2(seed: 1);
        model.Load(Given("gpt2"), new LoadOptions { Rules = Listed });

        AssertClose(Numbers("gpt2", "logits"), model.PredictLogits(Tokens("gpt2", "tokens")));
        Assert.Equal(model.Parameters["embedding1.weight"].ToArray(), model.Parameters["dense1.weight"].ToArray());
    }

    [Fact]
    public void A_report_says_what_became_of_each_tensor_of_GPT2_and_where_each_parameter_comes_from()
    {
        using var model = new TinyGpt2(seed: 1);
        var report = model.Load(Given("gpt2"), new LoadOptions { Rules = Tied });
        using var file = SafetensorsFile.Open(Given("gpt2"));

        Assert.Equal(file.Entries.Select(static entry => entry.Name), report.FileTensors.Select(static use => use.Tensor.Name));
        Assert.Equal(model.Parameters.Select(static parameter => parameter.Name), report.Origins.Select(static origin => origin.Name));
        Assert.Equal("'h.0.attn.bias' [1, 1, 6, 6]: ignored by TensorRule.Ignore(\"h.#.attn.bias\")", Use("h.0.attn.bias"));
        Assert.Equal("'wte.weight' [11, 8]: 'wte'", Use("wte.weight"));
        Assert.Equal(
            "'transformerEncoder2.self_attn.in_proj_weight' from 'h.1.attn.c_attn.weight' [8, 24] by TensorRule.Transpose(\"h.#.attn.c_attn.weight\"), "
            + "TensorRule.Rename(\"h.#.attn.c_attn.*\", \"transformerEncoder#+1.self_attn.in_proj_*\")",
            report.Origins.Single(static origin => origin.Name == "transformerEncoder2.self_attn.in_proj_weight").ToString());

        string Use(string name) => report.FileTensors.Single(use => use.Tensor.Name == name).ToString();
    }

    [Fact]
    public void A_model_is_saved_with_the_names_and_shapes_of_Hugging_Face_and_loaded_again()
    {
        using var model = new TinyGpt2(seed: 1);
        model.Load(Given("gpt2"), new LoadOptions { Rules = Tied });
        model.Save(Target, TensorRule.Inverse(Tied));

        using var original = SafetensorsFile.Open(Given("gpt2"));
        using var saved = SafetensorsFile.Open(Target);
        Assert.Equal(Floats(original).Keys.Where(static name => !name.EndsWith("masked_bias", StringComparison.Ordinal)).Order(), Floats(saved).Keys.Order());
        foreach (var (name, (shape, values)) in Floats(saved))
        {
            Assert.Equal(Floats(original)[name].Shape, shape);
            Assert.Equal(Floats(original)[name].Values, values);
        }
    }

    [Fact]
    public void A_model_is_saved_in_its_own_format_unchanged()
    {
        using var model = new TinyGpt2(seed: 1);
        model.Load(Given("gpt2"), new LoadOptions { Rules = Tied });
        model.Save(Target);
        using var again = TinyGpt2.FromFile(Target);
        foreach (var parameter in model.Parameters)
            Assert.Equal(parameter.ToArray(), again.Parameters[parameter.Name].ToArray());
    }

    [Fact]
    public void GPT2_with_a_prefix_and_an_output_layer_is_loaded_too()
    {
        using var listed = new ListedGpt2(seed: 1);
        listed.Load(Given("gpt2"), new LoadOptions { Rules = Listed });
        SaveWithPrefix(listed, Listed, "^(?!lm_head)", "transformer.");
        using var model = new TinyGpt2(seed: 2);
        var report = model.Load(Target, new LoadOptions { Rules = Tied });
        AssertClose(Numbers("gpt2", "logits"), model.PredictLogits(Tokens("gpt2", "tokens")));
        Assert.Contains(report.FileTensors, static use => use.ToString() == "'lm_head.weight' [11, 8]: equal to 'wte.weight', ignored by TensorRule.IgnoreCopy(\"lm_head.weight\", \"wte.weight\")");
    }

    [Fact]
    public void An_output_layer_that_differs_from_the_token_table_is_not_ignored()
    {
        using var listed = new ListedGpt2(seed: 1);
        SaveWithPrefix(listed, Listed, "^(?!lm_head)", "transformer.");
        using var again = new ListedGpt2(seed: 2);
        again.Load(Target, new LoadOptions { Rules = Listed });
        Assert.Equal(listed.Parameters["dense1.weight"].ToArray(), again.Parameters["dense1.weight"].ToArray());

        using var tied = new TinyGpt2(seed: 3);
        var before = tied.Parameters["wte"].ToArray();
        var refused = Assert.Throws<CheckpointMismatchException>(() => tied.Load(Target, new LoadOptions { Rules = Tied }));
        Assert.Contains("'lm_head.weight' [11, 8] and 'wte.weight' [11, 8] have different values in the file", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, tied.Parameters["wte"].ToArray());
    }

    [Fact]
    public void BERT_gives_its_states_with_padding_and_its_pooled_state()
    {
        using var model = new TinyBert(seed: 1);
        model.Load(Given("bert"), new LoadOptions { Rules = HuggingFaceRules.Bert() });
        var (states, pooled) = model.Predict(Tokens("bert", "tokens"), Tokens("bert", "segments"));

        AssertClose(Numbers("bert", "pooled"), pooled);
        AssertClose(Numbers("bert", "states"), [.. states.Take(6 * 8), .. states.Skip(6 * 8).Take(4 * 8)]);
    }

    [Fact]
    public void BERT_with_a_prefix_and_old_names_of_normalizations_is_loaded_too()
    {
        using var bert = new TinyBert(seed: 1);
        bert.Save(Target, [.. TensorRule.Inverse(HuggingFaceRules.Bert()), TensorRule.Rename("*LayerNorm.weight", "*LayerNorm.gamma"), TensorRule.Rename(new Regex("^"), "bert.")]);
        using (var file = SafetensorsFile.Open(Target))
        {
            Assert.True(file.TryGet("bert.encoder.layer.1.attention.self.key.weight", out var key));
            Assert.Equal([8, 8], key.Shape);
            Assert.True(file.TryGet("bert.embeddings.LayerNorm.gamma", out _));
        }

        using var again = new TinyBert(seed: 2);
        again.Load(Target, new LoadOptions { Rules = HuggingFaceRules.Bert() });
        foreach (var parameter in bert.Parameters)
            Assert.Equal(parameter.ToArray(), again.Parameters[parameter.Name].ToArray());
    }

    [Theory]
    [InlineData("lstm", "lstm1")]
    [InlineData("lstm2", "lstm2")]
    [InlineData("gru", "gru1")]
    [InlineData("attention", "selfAttention1")]
    [InlineData("postNorm", "transformerEncoder1")]
    [InlineData("preNorm", "transformerEncoder2")]
    public void A_module_of_PyTorch_needs_only_the_name_of_the_layer(string module, string layer)
    {
        using var model = new Modules(seed: 1);
        var file = Given(module.Replace("Norm", "_norm", StringComparison.Ordinal));
        var refused = Assert.Throws<CheckpointMismatchException>(() => model.Load(file));
        Assert.Contains($"did you mean Prefix = \"{layer[..^1]}", refused.Message, StringComparison.Ordinal);

        model.Load(file, new LoadOptions { Prefix = layer + ".", AllowMissing = true });
        var outputs = model.Predict(Numbers("modules", "input"));
        AssertClose(Numbers("modules", module), module switch
        {
            "lstm" => outputs.Lstm,
            "lstm2" => outputs.Lstm2,
            "gru" => outputs.Gru,
            "attention" => outputs.Attention,
            "postNorm" => outputs.PostNorm,
            _ => outputs.PreNorm,
        });
    }

    [Fact]
    public void GPT2_of_another_width_vocabulary_and_depth_is_one_error_with_the_shapes_of_both()
    {
        using var small = new FlatModel(
            Device.Cpu,
            ("wte", [12, 8], double.NaN),
            ("wpe.weight", [4, 8], double.NaN),
            ("transformerEncoder1.self_attn.in_proj_weight", [48, 16], double.NaN),
            ("transformerEncoder3.norm1.weight", [8], double.NaN));
        var refused = Assert.Throws<CheckpointMismatchException>(() => small.Load(Given("gpt2"), new LoadOptions { Rules = Tied }));

        Assert.Contains("'wte' is [11, 8] in the file, but [12, 8] in the model (from 'wte.weight' [11, 8] by TensorRule.Rename(\"wte.weight\", \"wte\"))", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            "'transformerEncoder1.self_attn.in_proj_weight' is [24, 8] in the file, but [48, 16] in the model (from 'h.0.attn.c_attn.weight' [8, 24] by TensorRule.Transpose(\"h.#.attn.c_attn.weight\"), ",
            refused.Message,
            StringComparison.Ordinal);
        Assert.Contains("'transformerEncoder3.norm1.weight' is missing in the file", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Differences of the exception has all of them", refused.Message, StringComparison.Ordinal);
        Assert.Contains(refused.Differences, static difference => difference.StartsWith("'transformerEncoder2.norm2.bias' is in the file, but not in the model", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_tensor_has_its_name_and_its_shape_in_the_file_too()
    {
        using var gpt2 = new TinyGpt2(seed: 1);
        using var bert = new TinyBert(seed: 1);
        IReadOnlyList<TensorRule> all = HuggingFaceRules.Bert();
        gpt2.Save(Target, [.. TensorRule.Inverse(Tied), TensorRule.Rename("h.1.mlp.c_fc.weight", "other")]);
        AssertMissing(gpt2, Tied, "'transformerEncoder2.linear1.weight' is missing in the file, where the rules need 'h.1.mlp.c_fc.weight' [8, 32]");
        bert.Save(Target, [.. TensorRule.Inverse(all), TensorRule.Rename("encoder.layer.0.attention.self.*.bias", "other.*")]);
        AssertMissing(
            bert,
            all,
            "'transformerEncoder1.self_attn.in_proj_bias' is missing in the file, where the rules need 'encoder.layer.0.attention.self.query.bias' [8], "
            + "'encoder.layer.0.attention.self.key.bias' [8], 'encoder.layer.0.attention.self.value.bias' [8]");

        void AssertMissing(Model model, IReadOnlyList<TensorRule> rules, string expected) => Assert.Contains(
            Assert.Throws<CheckpointMismatchException>(() => model.Load(Target, new LoadOptions { Rules = rules })).Differences,
            difference => difference.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_file_of_Hugging_Face_is_refused_or_has_other_values()
    {
        using var model = new TinyBert(seed: 1);
        var bytes = File.ReadAllBytes(Given("bert"));
        var header = BitConverter.ToInt32(bytes);
        var random = new System.Random(7);
        var refused = 0;
        for (var i = 0; i < 500; i++)
        {
            var damaged = bytes.ToArray();
            damaged[8 + random.Next(header)] = (byte)random.Next(32, 127);
            File.WriteAllBytes(Target, damaged);
            try
            {
                model.Load(Target, new LoadOptions { Rules = HuggingFaceRules.Bert() });
            }
            catch (Exception exception) when (exception is InvalidDataException or CheckpointMismatchException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 300, 500);
    }

    [Fact]
    public void A_file_of_Hugging_Face_without_rules_gets_the_rules_for_the_names_of_the_model_as_advice()
    {
        using var bert = new TinyBert(seed: 1);
        using var tied = new TinyGpt2(seed: 1);
        using var listed = new ListedGpt2(seed: 1);
        AssertAdvised(bert, "bert", "HuggingFaceRules.Bert()", []);
        AssertAdvised(tied, "gpt2", "HuggingFaceRules.Gpt2(tokens: \"wte\", positions: \"wpe.weight\", norm: \"ln_f\")", []);
        AssertAdvised(tied, "gpt2", "HuggingFaceRules.Gpt2(tokens: \"wte\", positions: \"wpe.weight\", norm: \"ln_f\")", HuggingFaceRules.Gpt2());
        AssertAdvised(listed, "gpt2", "HuggingFaceRules.Gpt2(layer: \"layer#+1.transformerEncoder1\", head: \"dense1.weight\")", []);

        static void AssertAdvised(Model model, string file, string rules, IReadOnlyList<TensorRule> given) => Assert.EndsWith(
            $"did you mean Rules = {rules}?", Assert.Throws<CheckpointMismatchException>(() => model.Load(Given(file), new LoadOptions { Rules = given })).Message, StringComparison.Ordinal);
    }

    /// <summary>Saves a model with the names of Hugging Face and a prefix.</summary>
    private void SaveWithPrefix(Model model, IReadOnlyList<TensorRule> rules, string where, string prefix) =>
        model.Save(Target, [.. TensorRule.Inverse(rules), TensorRule.Rename(new Regex(where), prefix)]);

    private static string Given(string name) => Path.Combine(AppContext.BaseDirectory, "vectors", "pretrained", name + ".safetensors");

    private static Dictionary<string, (IReadOnlyList<long> Shape, float[] Values)> Floats(SafetensorsFile file) =>
        file.Entries.Where(static entry => entry.IsFloat).ToDictionary(static entry => entry.Name, entry =>
        {
            var values = new float[entry.Shape.Aggregate(1, static (product, extent) => product * (int)extent)];
            file.Read(entry, values);
            return (entry.Shape, values);
        });

    /// <summary>Compares with a tolerance that is a share of the root mean square.</summary>
    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Sqrt(expected.Average(static value => (double)value * value));
        var error = expected.Zip(actual).Max(static pair => Math.Abs((double)pair.First - pair.Second));
        Assert.True(error <= 1e-5 * scale, $"The greatest error is {error / scale:e2} of the root mean square.");
    }

    private static float[] Numbers(string network, string name) => [.. Vectors.GetProperty(network).GetProperty(name).EnumerateArray().Select(static number => number.GetSingle())];

    private static int[] Tokens(string network, string name) => [.. Numbers(network, name).Select(static number => (int)number)];
}
