using ModelDsl.Compiled;
using ModelDsl.Onnx.Graphs;

namespace ModelDsl.Onnx;

/// <summary>Writes the lookup of the ids of tokens that are strings.</summary>
internal static class TokenLookup
{
    /// <summary>Finds the inputs.</summary>
    /// <param name="description">The graph.</param>
    /// <param name="columns">The number of columns that are inputs of predictions. Further ones are targets.</param>
    /// <param name="lookups">The lookups.</param>
    /// <returns>The lookups by the numbers of the nodes of their inputs.</returns>
    /// <exception cref="ArgumentException">There is no such input, or two lookups are for the same one.</exception>
    public static IReadOnlyDictionary<int, OnnxTokens> Find(GraphDescription description, int columns, IReadOnlyList<OnnxTokens> lookups)
    {
        int[] inputs = [.. Enumerable.Range(0, description.Nodes.Length).Where(number => description.Nodes[number] is { Kind: GraphNodeKind.Input, IsInteger: true } input && input.Number < columns)];
        var names = inputs.Length == 0 ? "none" : string.Join(", ", inputs.Select(number => $"'{description.Nodes[number].Name}'"));
        var found = new Dictionary<int, OnnxTokens>();
        foreach (var lookup in lookups)
        {
            int[] named = lookup.Input is { } name ? [.. inputs.Where(number => description.Nodes[number].Name == name)] : inputs;
            if (named.Length != 1)
                throw Error(lookup.Input is { } wanted ? $"the model has no input of token ids '{wanted}'; its inputs of token ids are: {names}." : $"a lookup without a name is for one input of token ids, but the model has {names}{(inputs.Length == 0 ? "" : ": set Input to a name")}.");
            if (!found.TryAdd(named[0], lookup))
                throw Error($"there are two lookups for the input '{description.Nodes[named[0]].Name}'.");
        }

        return found;
    }

    /// <summary>Checks that the ids are those of the model.</summary>
    /// <param name="description">The graph.</param>
    /// <param name="columns">The inputs of predictions.</param>
    /// <param name="lookups">The lookups.</param>
    /// <exception cref="ArgumentException">A tokenizer has more ids than the input, or there is no such input.</exception>
    public static void Check(GraphDescription description, ColumnDescription[] columns, IReadOnlyList<OnnxTokens> lookups)
    {
        foreach (var (number, lookup) in Find(description, columns.Length, lookups))
        {
            var column = columns[description.Nodes[number].Number];
            if (lookup.Tokenizer.VocabularySize > column.Bound)
                throw Error($"the tokenizer has {lookup.Tokenizer.VocabularySize} ids, but the input '{column.Name}' accepts {column.Bound}. Use the tokenizer that the model was trained with.");
        }
    }

    /// <summary>Writes the node.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input, whose elements are strings.</param>
    /// <param name="lookup">The lookup.</param>
    /// <returns>The name of the ids.</returns>
    /// <exception cref="ArgumentException">The string for padding is a token.</exception>
    /// <exception cref="NotSupportedException">The tokenizer does more than a lookup of words or characters.</exception>
    public static string Write(OnnxGraph graph, string input, OnnxTokens lookup)
    {
        var tokens = Tokens(lookup.Tokenizer).ToList();
        if (tokens.Exists(token => token.Text == lookup.PaddingToken))
            throw Error($"PaddingToken is '{lookup.PaddingToken}', which is a token of the tokenizer: set it to a string that is none.");
        tokens.Add((lookup.PaddingToken, lookup.Tokenizer.PaddingId));
        return graph.Add(
            "LabelEncoder",
            input,
            [input],
            OnnxAttribute.Of("keys_strings", tokens.Select(token => token.Text)),
            OnnxAttribute.Of("values_int64s", tokens.Select(token => token.Id)),
            OnnxAttribute.Of("default_int64", lookup.Tokenizer.UnknownId!.Value));
    }

    /// <summary>Returns the tokens that are whole words or characters, with their ids.</summary>
    private static IEnumerable<(string Text, int Id)> Tokens(ITokenizer tokenizer)
    {
        // Ids follow those of padding and of unknown tokens.
        const int First = 2;
        return tokenizer switch
        {
            WordTokenizer words => words.Words.Select((word, index) => (word, First + index)),
            CharacterTokenizer characters => characters.Characters.EnumerateRunes().Select((character, index) => (character.ToString(), First + index)),
            _ => throw new NotSupportedException(
                $"The lookup of a {tokenizer.GetType().Name} cannot be written as ONNX: the standard looks up whole words or characters (LabelEncoder), but has no operator that splits a word into parts or bytes. "
                + $"Leave Tokens out, and give the file the ids that the tokenizer returns. A {nameof(WordTokenizer)} and a {nameof(CharacterTokenizer)} can be written."),
        };
    }

    private static ArgumentException Error(string message) => new($"The tokens of the options do not fit the model: {message}");
}
