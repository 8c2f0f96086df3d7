namespace ModelDsl.HuggingFace;

/// <summary>Reads a WordPiece model from a <c>tokenizer.json</c>.</summary>
internal static class WordPieceTokenizerFile
{
    private const string Kind = "WordPiece", Unknown = "[UNK]", Continuation = "##";

    /// <summary>Reads the tokens in the order of their ids, and how texts are normalized.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or of a tokenizer that splits texts in another way than BERT.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (string[] Tokens, WordPieceOptions Options) Read(string path)
    {
        var file = TokenizerFile.Read(path);
        file.Expect(Kind);
        if ((TokenizerFile.Text(file.Model, "unk_token") ?? Unknown) is not Unknown and var unknown)
            throw file.Unsupported($"the unknown token '{unknown}'", Unknown);
        if ((TokenizerFile.Text(file.Model, "continuing_subword_prefix") ?? Continuation) is not Continuation and var prefix)
            throw file.Unsupported($"a continuing_subword_prefix '{prefix}'", Continuation);
        var splitter = file.Component("pre_tokenizer") is { } component ? TokenizerFile.Text(component, "type") : null;
        if (splitter != "BertPreTokenizer")
            throw file.Unsupported(splitter is null ? "no pre_tokenizer" : $"a pre_tokenizer '{splitter}'", "BertPreTokenizer");
        return (Tokens(file), Options(file));
    }

    private static string[] Tokens(TokenizerFile file)
    {
        var ids = file.ReadIds();
        var tokens = new string[ids.Count];
        foreach (var (token, id) in ids)
        {
            if (id >= tokens.Length)
                throw file.Damaged($"it has {tokens.Length} tokens, but '{token}' has the id {id}");
            tokens[id] = token;
        }

        return tokens;
    }

    private static WordPieceOptions Options(TokenizerFile file)
    {
        if (file.Component("normalizer") is not { } normalizer)
            throw file.Unsupported("no normalizer", "BertNormalizer");
        if (TokenizerFile.Text(normalizer, "type") is not "BertNormalizer" and var kind)
            throw file.Unsupported($"a normalizer '{kind}'", "BertNormalizer");
        if (TokenizerFile.Flag(normalizer, "clean_text") == false)
            throw file.Unsupported("a normalizer without clean_text", "one that removes control characters");
        return new WordPieceOptions
        {
            LowerCase = TokenizerFile.Flag(normalizer, "lowercase") ?? true,
            StripAccents = TokenizerFile.Flag(normalizer, "strip_accents"),
            SplitChineseCharacters = TokenizerFile.Flag(normalizer, "handle_chinese_chars") ?? true,
        };
    }
}
