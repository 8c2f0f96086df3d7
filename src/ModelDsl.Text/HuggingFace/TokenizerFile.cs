using System.Text.Json;
using ModelDsl.Bpe;
using ModelDsl.Files;

namespace ModelDsl.HuggingFace;

/// <summary>
/// A file <c>tokenizer.json</c>, with which the library Hugging Face Tokenizers writes a whole tokenizer: the vocabulary, and the components that normalize and split texts. A component that
/// computes something else than our tokenizers is an error, because the ids would be others than those that the model was trained with.
/// </summary>
internal sealed class TokenizerFile
{
    public const string Name = "tokenizer.json";

    private readonly JsonElement root;

    private TokenizerFile(string path, JsonElement root) => (Path, this.root) = (path, root);

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>The kind of the vocabulary: <c>BPE</c>, <c>WordPiece</c>, <c>Unigram</c> or <c>WordLevel</c>.</summary>
    public string Kind => Text(Model, "type") ?? (Property(Model, "merges") is null ? "unknown" : "BPE");

    /// <summary>The component with the vocabulary.</summary>
    public JsonElement Model => Property(root, "model") ?? throw Damaged("it has no 'model'");

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">The file is not complete JSON.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TokenizerFile Read(string path)
    {
        using var stream = InputFile.Open(path);
        try
        {
            using var document = JsonDocument.Parse(stream);
            return new TokenizerFile(path, document.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{path}' is not complete JSON: {exception.Message} The file is cut short or damaged: copy it again.", exception);
        }
    }

    /// <summary>The path of the file if it is one, or lies in a folder; otherwise null.</summary>
    public static string? Find(string path) =>
        File.Exists(path) && System.IO.Path.GetFileName(path) == Name ? path
        : File.Exists(System.IO.Path.Combine(path, Name)) ? System.IO.Path.Combine(path, Name)
        : null;

    /// <summary>Throws if the vocabulary is of another kind than a tokenizer reads.</summary>
    /// <exception cref="InvalidDataException">It is of another kind.</exception>
    public void Expect(string kind)
    {
        if (Kind != kind)
            throw new InvalidDataException($"'{Path}' is a tokenizer of the kind {Kind}; expected {kind}. {Reader(Kind)}");
    }

    /// <summary>The ids of all tokens, also of those that were added to the vocabulary.</summary>
    /// <exception cref="InvalidDataException">They are damaged, or a token has two ids.</exception>
    public Dictionary<string, int> ReadIds()
    {
        var ids = TokenIdsFile.Read(Property(Model, "vocab") ?? throw Damaged("its 'model' has no 'vocab'"), Path);
        foreach (var (token, id, _) in ReadAdded())
        {
            if (ids.TryGetValue(token, out var known) && known != id)
                throw Damaged($"'{token}' has the id {known} in 'vocab', but {id} in 'added_tokens'");
            ids[token] = id;
        }

        return ids;
    }

    /// <summary>The tokens that were added to the vocabulary, and whether they are special.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public IReadOnlyList<(string Token, int Id, bool IsSpecial)> ReadAdded()
    {
        if (Property(root, "added_tokens") is not { } added)
            return [];
        if (added.ValueKind != JsonValueKind.Array)
            throw Damaged("'added_tokens' is no list");
        return [.. added.EnumerateArray().Select(token => Text(token, "content") is { } content && Property(token, "id") is { ValueKind: JsonValueKind.Number } id && id.TryGetInt32(out var number) && number >= 0
            ? (content, number, Flag(token, "special") ?? false)
            : throw Damaged($"'added_tokens' has {token.GetRawText()} instead of a token with 'id' and 'content'"))];
    }

    /// <summary>A component of the tokenizer, such as <c>normalizer</c>; null if it has none. A sequence of one component is that component.</summary>
    public JsonElement? Component(string name)
    {
        var component = Property(root, name);
        return component is { } value && Text(value, "type") == "Sequence"
            && (Property(value, "normalizers") ?? Property(value, "pretokenizers")) is { ValueKind: JsonValueKind.Array } parts && parts.GetArrayLength() == 1
            ? parts[0]
            : component;
    }

    /// <summary>A property; null if it is missing or null.</summary>
    public static JsonElement? Property(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var property) && property.ValueKind != JsonValueKind.Null ? property : null;

    /// <summary>A property that is a text; null if it is missing or something else.</summary>
    public static string? Text(JsonElement value, string name) => Property(value, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A property that is true or false; null if it is missing or something else.</summary>
    public static bool? Flag(JsonElement value, string name) => Property(value, name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The exception for a file that has another form.</summary>
    public InvalidDataException Damaged(string reason) => new($"'{Path}' cannot be read as a tokenizer of Hugging Face: {reason}. The file is damaged or of another kind: copy it again.");

    /// <summary>The exception for a component that computes something else than our tokenizers.</summary>
    /// <param name="component">Its name, and what it says.</param>
    /// <param name="expected">What can be read.</param>
    public InvalidDataException Unsupported(string component, string expected) =>
        new($"'{Path}' has {component}, which would give other ids than this tokenizer; expected {expected}. Use another model, or implement ITokenizer.");

    private static string Reader(string kind) => kind switch
    {
        "BPE" => "Use BpeTokenizer.Load.",
        "WordPiece" => "Use WordPieceTokenizer.Load.",
        "Unigram" => "Use SentencePieceTokenizer.Load with the model's file tokenizer.model or spiece.model.",
        _ => "Use another model, or implement ITokenizer.",
    };
}
