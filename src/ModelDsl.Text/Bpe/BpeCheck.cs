namespace ModelDsl.Bpe;

/// <summary>
/// Checks that the tokens and the merges of two files belong together. Without this check, a file of merges that is cut short would load, and encode every text in a way that the model does
/// not know.
/// </summary>
internal static class BpeCheck
{
    /// <summary>Checks the contents of two files, and finds the special tokens: those that no merge makes.</summary>
    /// <exception cref="InvalidDataException">A byte, or a token of a merge, has no id, or there are tokens that no merge makes.</exception>
    public static BpeVocabulary Check(
        Dictionary<string, int> ids, List<(string Left, string Right)> merges, SpecialTokenNames named, string vocabularyPath, string mergesPath)
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        for (var value = 0; value <= byte.MaxValue; value++)
        {
            var character = ByteCharacters.Of((byte)value).ToString();
            if (!ids.ContainsKey(character))
            {
                throw new InvalidDataException(
                    $"'{vocabularyPath}' has no token for the byte {value}, '{character}'. A byte-level BPE has one for each of the 256 bytes. The vocabulary is of another kind; if it was trained with Hugging Face, train it with initial_alphabet=ByteLevel.alphabet().");
            }

            made.Add(character);
        }

        for (var i = 0; i < merges.Count; i++)
        {
            var (left, right) = merges[i];
            foreach (var token in (string[])[left, right, left + right])
            {
                if (!ids.ContainsKey(token))
                    throw new InvalidDataException($"Merge {i + 1} of '{mergesPath}', '{left} {right}', needs the token '{token}', which '{vocabularyPath}' does not have. The two files are of different models: copy both again.");
            }

            made.Add(left + right);
        }

        return new BpeVocabulary(ids, merges, FindSpecial(ids, merges.Count, made, named, vocabularyPath, mergesPath));
    }

    private static Dictionary<string, int> FindSpecial(
        Dictionary<string, int> ids, int merges, HashSet<string> made, SpecialTokenNames named, string vocabularyPath, string mergesPath)
    {
        var special = new Dictionary<string, int>(StringComparer.Ordinal);
        string[] unknown = [.. ids.Keys.Where(token => !made.Contains(token) && !named.All.Contains(token) && !BpeVocabulary.HasSpecialForm(token)).OrderBy(token => ids[token])];
        if (unknown.Length > 0)
        {
            throw new InvalidDataException(
                $"The {merges} merges of '{mergesPath}' do not make {unknown.Length} of the {ids.Count} tokens of '{vocabularyPath}'; the first is '{unknown[0]}' with the id {ids[unknown[0]]}. "
                + "The file of merges is cut short or of another model: copy both files again. If these are special tokens, name them in BpeOptions.SpecialTokens.");
        }

        foreach (var token in named.All.Where(token => !ids.ContainsKey(token)))
            throw new InvalidDataException($"The special token '{token}' is not in '{vocabularyPath}'. Use files of one model, and name only special tokens that they have.");
        foreach (var (token, id) in ids)
        {
            if (!made.Contains(token) || named.All.Contains(token))
                special.Add(token, id);
        }

        return special;
    }
}
