using CharGpt.Pretrained;

namespace ModelDsl.Text.Tests.Samples;

/// <summary>Folders that the option --weights of the sample CharGpt refuses: the message names the file, what was found, what was expected and what to do.</summary>
public sealed class PretrainedGpt2ErrorTests : IDisposable
{
    private readonly Gpt2Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_that_does_not_exist_is_an_error()
    {
        var error = Assert.Throws<DirectoryNotFoundException>(() => PretrainedGpt2.Load("nowhere", [TinyGpt2.Shape]));
        Assert.Equal("There is no folder 'nowhere'; expected one with config.json, model.safetensors, vocab.json and merges.txt, as Hugging Face writes a GPT-2.", error.Message);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    public void A_missing_file_is_named_with_those_that_are_there(string name)
    {
        File.Delete(folder.PathOf(name));
        string[] others = [.. Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

        Assert.Equal(
            $"'{folder.Path}' has no {name}. A GPT-2 as Hugging Face writes it has config.json, model.safetensors, vocab.json and merges.txt; the folder has {others[0]}, {others[1]} and {others[2]}.\n"
            + "What to do: copy the missing files from where the others come from.",
            folder.Refused<FileNotFoundException>());
    }

    [Fact]
    public void Weights_and_vocabularies_in_other_files_are_recognized()
    {
        File.Move(folder.PathOf("model.safetensors"), folder.PathOf("pytorch_model.bin"));
        File.Move(folder.PathOf("vocab.json"), folder.PathOf("tokenizer.json"));

        var message = folder.Refused<FileNotFoundException>();

        Assert.Contains("has no model.safetensors and vocab.json.", message, StringComparison.Ordinal);
        Assert.Contains("write the weights as one file, in Python: GPT2LMHeadModel.from_pretrained(FOLDER)", message, StringComparison.Ordinal);
        Assert.Contains("write the vocabulary as two files, in Python: AutoTokenizer.from_pretrained(FOLDER)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_heads_is_an_error_with_the_line_to_change()
    {
        folder.Set("config.json", "n_head", 4);

        Assert.Equal(
            $"'{folder.PathOf("config.json")}' describes another GPT-2 than the class TinyGpt2, whose kernels are generated when the program is built:\n"
            + "  n_head is 4, but TinyGpt2 has 2\n"
            + "What to do: write these lines in TinyGpt2.cs, and start the program again, which builds it:\n"
            + "  public const int Heads = 4;",
            folder.Refused<InvalidDataException>());
    }

    [Fact]
    public void Every_difference_of_the_shape_is_named()
    {
        foreach (var (name, value) in new[] { ("n_layer", 3), ("n_embd", 32), ("n_positions", 64), ("vocab_size", 300) })
            folder.Set("config.json", name, value);
        folder.Set("config.json", "activation_function", "relu");
        folder.Set("config.json", "layer_norm_epsilon", 1e-6);

        var lines = folder.Refused<InvalidDataException>().Split('\n');

        Assert.Equal(
            ["n_layer is 3, but TinyGpt2 has 2", "n_embd is 32, but TinyGpt2 has 16", "n_positions is 64, but TinyGpt2 has 32", "vocab_size is 300, but TinyGpt2 has 269",
                "activation_function is relu, but TinyGpt2 has gelu_new", "layer_norm_epsilon is 1E-06, but TinyGpt2 has 1E-05"],
            lines[1..7].Select(line => line.Trim()));
        Assert.Equal(
            ["public const int Layers = 3;", "public const int Width = 32;", "public const int Context = 64;", "public const int Vocabulary = 300;",
                "public const TransformerActivation Activation = TransformerActivation.Relu;", "public const double Epsilon = 1E-06;"],
            lines[8..].Select(line => line.Trim()));
    }

    [Theory]
    [InlineData("model_type", "\"bert\"", "has the model_type 'bert'; expected 'gpt2'. Name the folder of a GPT-2")]
    [InlineData("model_type", null, "has no model_type; expected 'gpt2'.")]
    [InlineData("n_layer", null, "has no n_layer; expected a number. The file is incomplete: copy it again.")]
    [InlineData("n_layer", "-2", "has the n_layer -2; expected a whole number above 0.")]
    [InlineData("n_head", "3", "has the n_head 3 and the n_embd 16; expected a number of heads that divides the width.")]
    [InlineData("n_inner", "48", "has the n_inner 48; expected null or 64, four times the width. Use another model.")]
    [InlineData("activation_function", "\"tanh\"", "has the activation_function 'tanh'; expected one that TransformerEncoder has: gelu_new, gelu_pytorch_tanh, gelu, relu, silu.")]
    [InlineData("layer_norm_epsilon", "\"small\"", "has the layer_norm_epsilon \"small\"; expected a number above 0.")]
    [InlineData("scale_attn_by_inverse_layer_idx", "true", "has the scale_attn_by_inverse_layer_idx true; expected false, as GPT-2 has it. Use another model.")]
    public void A_configuration_that_the_program_does_not_compute_is_an_error(string name, string? value, string expected)
    {
        folder.Set("config.json", name, value is null ? null : System.Text.Json.Nodes.JsonNode.Parse(value));

        Assert.StartsWith($"'{folder.PathOf("config.json")}' {expected}", folder.Refused<InvalidDataException>(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_is_cut_short_is_an_error()
    {
        File.WriteAllText(folder.PathOf("config.json"), File.ReadAllText(folder.PathOf("config.json"))[..100]);

        var message = folder.Refused<InvalidDataException>();

        Assert.StartsWith($"'{folder.PathOf("config.json")}' is not complete JSON: ", message, StringComparison.Ordinal);
        Assert.EndsWith("The file is cut short or damaged: copy it again.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_with_another_number_of_ids_is_an_error()
    {
        BpeTokenizer.FromTexts(["a vocabulary of another model, another model"], new BpeTrainingOptions { VocabularySize = 260 }).Save(folder.Path);
        AssertRefused(260);
    }

    [Fact]
    public void A_vocabulary_with_ids_that_the_weights_do_not_have_is_an_error()
    {
        folder.Set("vocab.json", "<|endoftext|>", 400);
        AssertRefused(401);
    }

    [Fact]
    public void A_file_of_merges_that_is_cut_in_half_is_an_error()
    {
        var lines = File.ReadAllLines(folder.PathOf("merges.txt"));
        File.WriteAllLines(folder.PathOf("merges.txt"), lines[..(lines.Length / 2)]);

        var message = folder.Refused<InvalidDataException>();

        Assert.StartsWith($"The 5 merges of '{folder.PathOf("merges.txt")}' do not make 7 of the 269 tokens of '{folder.PathOf("vocab.json")}'", message, StringComparison.Ordinal);
        Assert.Contains("The file of merges is cut short or of another model: copy both files again.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_tensor_is_named_as_in_the_file()
    {
        folder.ChangeWeights(TensorRule.Ignore("h.1.ln_2.bias"));
        AssertWeightsRefused("'transformerEncoder2.norm2.bias' is missing in the file, where the rules need 'h.1.ln_2.bias' [16]");
    }

    [Fact]
    public void An_additional_tensor_is_an_error()
    {
        folder.ChangeWeights(TensorRule.Copy("ln_f.weight", "score.weight"));
        AssertWeightsRefused("'score.weight' is in the file, but not in the model");
    }

    [Fact]
    public void A_transposed_matrix_is_an_error()
    {
        folder.ChangeWeights(TensorRule.Transpose("h.0.mlp.c_fc.weight"));
        AssertWeightsRefused("'transformerEncoder1.linear1.weight' is [16, 64] in the file, but [64, 16] in the model (from 'h.0.mlp.c_fc.weight' [64, 16] by TensorRule.Transpose(\"h.#.mlp.c_fc.weight\"), ");
    }

    [Fact]
    public void Weights_that_are_cut_short_are_an_error()
    {
        File.WriteAllBytes(folder.PathOf("model.safetensors"), File.ReadAllBytes(folder.PathOf("model.safetensors"))[..1000]);

        Assert.StartsWith($"'{folder.PathOf("model.safetensors")}' cannot be read as safetensors: ", folder.Refused<InvalidDataException>(), StringComparison.Ordinal);
    }

    private void AssertRefused(int ids) => Assert.Equal(
        $"'{folder.PathOf("vocab.json")}' has {ids} ids, but '{folder.PathOf("config.json")}' describes a model with the vocab_size 269; expected the same number, or the next multiple of 8, 64 or 128. "
        + "The files are of different models.\nWhat to do: copy vocab.json, merges.txt, config.json and model.safetensors from the same model. If tokens were added to it, copy added_tokens.json too.",
        folder.Refused<InvalidDataException>());

    private void AssertWeightsRefused(string difference)
    {
        var lines = folder.Refused<InvalidDataException>().Split('\n');
        Assert.Equal($"'{folder.PathOf("model.safetensors")}' does not have the tensors of the GPT-2 that '{folder.PathOf("config.json")}' describes:", lines[0]);
        Assert.StartsWith("  " + difference, lines[1], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("What to do: copy both files again, from the same model.", lines[2], StringComparison.Ordinal);
    }
}
