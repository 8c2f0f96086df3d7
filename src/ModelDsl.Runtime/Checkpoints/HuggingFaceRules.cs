namespace ModelDsl;

/// <summary>
/// Rules for files of Hugging Face's <c>transformers</c> (<c>model.safetensors</c>). They convert the names and shapes to those of this library's layers. Whether a model has the same number of heads, the same
/// activation and the same ε cannot be seen from the weights: they are in the file <c>config.json</c>.
/// </summary>
/// <example>
/// <code>
/// model.Load("model.safetensors", new LoadOptions { Rules = HuggingFaceRules.Gpt2() });
/// model.Save("model.safetensors", TensorRule.Inverse(HuggingFaceRules.Gpt2()));
/// </code>
/// </example>
public static class HuggingFaceRules
{
    private const string BertLayer = "encoder.layer.#.";

    /// <summary>
    /// Rules for GPT-2 (Radford et al., 2019). The model has token and position embeddings, a <c>TransformerEncoder(heads, 4·width, NormFirst = true, Causal = true, Activation = GeluTanh)</c> for each layer,
    /// a <c>LayerNorm</c> and an output layer without bias. Names with and without <c>transformer.</c> are accepted. The masks <c>attn.bias</c> and <c>attn.masked_bias</c> are ignored.
    /// Weights are transposed, because GPT-2 stores them as [in, out].
    /// </summary>
    /// <param name="tokens">The name of the token table in the model, <c>[vocabulary, width]</c>.</param>
    /// <param name="positions">The name of the position table, <c>[positions, width]</c>.</param>
    /// <param name="layer">The name of a layer; <c>#</c> stands for its number from 0, so that <c>#+1</c> is its number from 1.</param>
    /// <param name="norm">The name of the normalization after the last layer.</param>
    /// <param name="head">The name of the weight of the output layer, <c>[vocabulary, width]</c>, which is set from the token table if the file has no other. Null, the default, if
    /// the model uses the token table as its output layer, as GPT-2 does; a file in which they differ is then an error.</param>
    /// <exception cref="ArgumentException">A name is empty, or a name other than <paramref name="layer"/> has a <c>#</c>.</exception>
    public static IReadOnlyList<TensorRule> Gpt2(
        string tokens = "embedding1.weight",
        string positions = "positionalEmbedding1.weight",
        string layer = "transformerEncoder#+1",
        string norm = "layerNorm1",
        string? head = null) =>
    [
        TensorRule.Alias("transformer.", ""),
        TensorRule.Ignore("h.#.attn.bias"),
        TensorRule.Ignore("h.#.attn.masked_bias"),
        TensorRule.Transpose("h.#.attn.c_attn.weight"),
        TensorRule.Transpose("h.#.attn.c_proj.weight"),
        TensorRule.Transpose("h.#.mlp.c_fc.weight"),
        TensorRule.Transpose("h.#.mlp.c_proj.weight"),
        .. Layers(
            "h.#.",
            layer,
            ("attn.c_attn.", "self_attn.in_proj_"),
            ("attn.c_proj.", "self_attn.out_proj."),
            ("mlp.c_fc.", "linear1."),
            ("mlp.c_proj.", "linear2."),
            ("ln_1.", "norm1."),
            ("ln_2.", "norm2.")),
        head is null ? TensorRule.IgnoreCopy("lm_head.weight", "wte.weight") : TensorRule.Copy("wte.weight", "lm_head.weight"),
        .. Tensors([("lm_head.weight", head), ("wte.weight", tokens), ("wpe.weight", positions)]),
        TensorRule.Rename("ln_f.", Beginning(norm)),
    ];

    /// <summary>
    /// Rules for BERT (Devlin et al., 2019). The model adds the embeddings of tokens, positions and segments, normalizes the sum with <c>LayerNorm(Epsilon = 1e-12)</c>, and has a
    /// <c>TransformerEncoder(heads, 4·width, Activation = Gelu, Epsilon = 1e-12)</c> for each layer. Names with and without <c>bert.</c> are accepted, and <c>gamma</c> and <c>beta</c> for the parameters
    /// of normalizations. Queries, keys and values are concatenated. The pooler is a
    /// <c>Dense(width)</c>, with tanh, of the first position. Other names after the encoder stay as they are: add rules that rename them, or <c>TensorRule.Ignore("cls.")</c>.
    /// </summary>
    /// <param name="tokens">The name of the token table in the model, <c>[vocabulary, width]</c>.</param>
    /// <param name="segments">The name of the table of segments (token types), <c>[2, width]</c>.</param>
    /// <param name="positions">The name of the position table, <c>[positions, width]</c>.</param>
    /// <param name="norm">The name of the normalization of the embeddings.</param>
    /// <param name="layer">The name of a layer; <c>#</c> stands for its number from 0, so that <c>#+1</c> is its number from 1.</param>
    /// <param name="pooler">The name of the dense layer after the encoder.</param>
    /// <exception cref="ArgumentException">A name is empty, or a name other than <paramref name="layer"/> has a <c>#</c>.</exception>
    public static IReadOnlyList<TensorRule> Bert(
        string tokens = "embedding1.weight",
        string segments = "embedding2.weight",
        string positions = "positionalEmbedding1.weight",
        string norm = "layerNorm1",
        string layer = "transformerEncoder#+1",
        string pooler = "pooler") =>
    [
        TensorRule.Alias("bert.", ""),
        TensorRule.Ignore("embeddings.position_ids"),
        TensorRule.Ignore("embeddings.token_type_ids"),
        TensorRule.IgnoreCopy("cls.predictions.decoder.weight", "embeddings.word_embeddings.weight"),
        TensorRule.IgnoreCopy("cls.predictions.decoder.bias", "cls.predictions.bias"),
        TensorRule.Alias("*LayerNorm.gamma", "*LayerNorm.weight"),
        TensorRule.Alias("*LayerNorm.beta", "*LayerNorm.bias"),
        TensorRule.Concatenate(
            [BertLayer + "attention.self.query.*", BertLayer + "attention.self.key.*", BertLayer + "attention.self.value.*"],
            BertLayer + "attention.self.in_proj_*"),
        .. Layers(
            BertLayer,
            layer,
            ("attention.self.in_proj_", "self_attn.in_proj_"),
            ("attention.output.dense.", "self_attn.out_proj."),
            ("attention.output.LayerNorm.", "norm1."),
            ("intermediate.dense.", "linear1."),
            ("output.dense.", "linear2."),
            ("output.LayerNorm.", "norm2.")),
        .. Tensors([("embeddings.word_embeddings.weight", tokens), ("embeddings.token_type_embeddings.weight", segments), ("embeddings.position_embeddings.weight", positions)]),
        TensorRule.Rename("embeddings.LayerNorm.", Beginning(norm)),
        TensorRule.Rename("pooler.dense.", Beginning(pooler)),
    ];

    /// <summary>Returns the rules that rename the parameters of each layer.</summary>
    private static IEnumerable<TensorRule> Layers(string from, string to, params (string From, string To)[] parts) =>
        parts.Select(part => TensorRule.Rename($"{from}{part.From}*", $"{Beginning(to)}{part.To}*"));

    private static IEnumerable<TensorRule> Tensors(IEnumerable<(string From, string? To)> tensors) =>
        tensors.Where(static tensor => tensor.To is not null).Select(static tensor => TensorRule.Rename(tensor.From, NotEmpty(tensor.To!)));

    private static string Beginning(string layer) => NotEmpty(layer).EndsWith('.') ? layer : layer + ".";

    private static string NotEmpty(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name;
    }
}
