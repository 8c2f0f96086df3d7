namespace CharGpt.Pretrained;

/// <summary>The files of a folder with a GPT-2, as Hugging Face writes it.</summary>
internal static class Gpt2Files
{
    /// <summary>The file with the weights.</summary>
    public const string Weights = "model.safetensors";

    /// <summary>The file with the id of each token.</summary>
    public const string Vocabulary = "vocab.json";

    private const string Merges = "merges.txt";

    private static readonly string[] All = [Gpt2Config.FileName, Weights, Vocabulary, Merges];

    /// <summary>Checks that a folder has all files.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">Files are missing; the message names all of them.</exception>
    public static void Check(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'; expected one with {Names(All)}, as Hugging Face writes a GPT-2.");
        string[] missing = [.. All.Where(name => !File.Exists(Path.Combine(folder, name)))];
        if (missing.Length == 0)
            return;
        string[] found = [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).Take(10)];
        throw new FileNotFoundException(
            $"'{folder}' has no {Names(missing)}. A GPT-2 as Hugging Face writes it has {Names(All)}; the folder has {(found.Length == 0 ? "no files" : Names(found))}.\nWhat to do: {Advice(missing, found)}.",
            Path.Combine(folder, missing[0]));
    }

    private static string Advice(string[] missing, string[] found)
    {
        List<string> advice = [];
        if (missing.Contains(Weights) && (found.Contains("pytorch_model.bin") || found.Contains(Weights + ".index.json")))
            advice.Add($"write the weights as one file, in Python: GPT2LMHeadModel.from_pretrained(FOLDER).save_pretrained(FOLDER, safe_serialization=True, max_shard_size=\"100GB\")");
        if (missing.Contains(Vocabulary) && found.Contains("tokenizer.json"))
            advice.Add("write the vocabulary as two files, in Python: AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER, legacy_format=True)");
        if (advice.Count == 0)
            advice.Add("copy the missing files from where the others come from");
        return string.Join("; ", advice);
    }

    private static string Names(string[] names) => names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
