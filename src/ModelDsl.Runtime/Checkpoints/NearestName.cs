using ModelDsl.Checkpoints.Rules;

namespace ModelDsl.Checkpoints;

/// <summary>The tensor of a file whose name is most similar to that of a parameter.</summary>
internal static class NearestName
{
    /// <summary>
    /// Returns the most similar tensor, or null if there is none: of tensors with the same shape at least half of the longer name's characters are kept, of others three quarters.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="tensors">The tensors of the file that the model does not have.</param>
    public static NamedTensor? Find(ParameterTensor parameter, IEnumerable<NamedTensor> tensors) =>
        tensors.Select(tensor => (Tensor: tensor, Distance: Distance(parameter.Name, tensor.Name)))
            .Where(pair => pair.Distance <= Math.Max(parameter.Name.Length, pair.Tensor.Name.Length) / (HasShape(parameter, pair.Tensor) ? 2 : 4))
            .OrderBy(static pair => pair.Distance).Select(static pair => pair.Tensor).FirstOrDefault();

    /// <summary>Returns the most similar name, or null if less than half of the longer name's characters are kept in each.</summary>
    /// <param name="name">The name.</param>
    /// <param name="names">Other names.</param>
    public static string? Find(string name, IEnumerable<string> names) =>
        names.Select(other => (Name: other, Distance: Distance(name, other)))
            .Where(pair => pair.Distance <= Math.Max(name.Length, pair.Name.Length) / 2)
            .OrderBy(static pair => pair.Distance).Select(static pair => pair.Name).FirstOrDefault();

    private static bool HasShape(ParameterTensor parameter, NamedTensor tensor) => tensor.Source.Shape.SequenceEqual(parameter.Shape.Select(static extent => (long)extent));

    /// <summary>Returns the number of characters that are inserted, deleted or replaced to make one text of the other (Levenshtein, 1966).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = left = Math.Min(replaced, Math.Min(left, diagonal) + 1);
            }
        }

        return row[^1];
    }
}
