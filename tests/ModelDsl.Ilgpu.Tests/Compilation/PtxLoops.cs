using System.Text.RegularExpressions;

namespace ModelDsl.Ilgpu.Tests.Compilation;

/// <summary>The loops of PTX, by following its branches: ILGPU places the code of a loop in any order.</summary>
internal static partial class PtxLoops
{
    /// <summary>The divisions of integers that can be executed again after they have been executed.</summary>
    public static IReadOnlyList<string> Divisions(string ptx)
    {
        var lines = ptx.Split('\n');
        var labels = new Dictionary<string, int>();
        for (var at = 0; at < lines.Length; at++)
        {
            if (Label().Match(lines[at]) is { Success: true } label)
                labels[label.Groups[1].Value] = at;
        }

        return [.. Enumerable.Range(0, lines.Length).Where(at => Division().IsMatch(lines[at]) && IsRepeated(at)).Select(at => lines[at])];

        bool IsRepeated(int start)
        {
            var (seen, next) = (new HashSet<int>(), new Stack<int>(After(start)));
            while (next.TryPop(out var at))
            {
                if (at == start)
                    return true;
                if (seen.Add(at))
                    foreach (var after in After(at))
                        next.Push(after);
            }

            return false;
        }

        IEnumerable<int> After(int at)
        {
            var branch = Branch().Match(lines[at]);
            var ends = End().IsMatch(lines[at]) || (branch.Success && !lines[at].Contains('@', StringComparison.Ordinal));
            if (branch.Success)
                yield return labels[branch.Groups[1].Value];
            if (!ends && at + 1 < lines.Length)
                yield return at + 1;
        }
    }

    [GeneratedRegex(@"^\s*(L_\d+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"\bbra(?:\.uni)?\s+(L_\d+);")]
    private static partial Regex Branch();

    [GeneratedRegex(@"^\s*(ret|exit)\b")]
    private static partial Regex End();

    [GeneratedRegex(@"\b(rem|div)\.[su](32|64)\b")]
    private static partial Regex Division();
}
