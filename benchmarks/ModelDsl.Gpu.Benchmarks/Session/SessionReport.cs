using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>Writes the results of a session as a page to read.</summary>
internal static class SessionReport
{
    private const int MostKernels = 15;

    /// <summary>Returns the page.</summary>
    /// <param name="results">The results so far.</param>
    /// <param name="title">The first line.</param>
    public static string Text(SessionResults results, string title)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {title}\n");
        Targets(page, results);
        Surroundings(page, results);
        Checks(page, results);
        Steps(page, results);
        Products(page, results);
        Kernels(page, results);
        Parts(page, results);
        return page.ToString();
    }

    private static void Targets(StringBuilder page, SessionResults results)
    {
        var checks = results.Of("check");
        Section(page, "Summary", ["target", "at least", "measured", "verdict"], SessionTarget.All(results).Select(static target => new[]
        {
            target.Text, Number(target.Least), target.Ratio is { } ratio ? Number(Math.Round(ratio, 2)) : "", target.Verdict,
        }));
        page.Append(CultureInfo.InvariantCulture, $"\nModels that agree with the values of the CPU: {checks.Count(static line => (bool?)line["agrees"] == true)} of {CheckNames.All.Count}; {checks.Count} were tried.\n");
    }

    private static void Surroundings(StringBuilder page, SessionResults results)
    {
        var lines = results.Of("machine").Concat(results.Of("device")).Concat(results.Of("decoding"));
        Section(page, "Machine", ["property", "value"], lines.SelectMany(static line => line.Where(static property => property.Key is not ("kind" or "part")))
            .Select(static property => new[] { property.Key == "answer" ? "sessions (CreateSession)" : property.Key, Cell(property.Value) }));
        foreach (var line in results.Of("text").Where(static line => (string?)line["part"] == "nvidia-smi"))
            page.Append(CultureInfo.InvariantCulture, $"    {line["text"]}\n");
    }

    private static void Checks(StringBuilder page, SessionResults results) => Section(
        page, "Results against the values of the CPU", ["model", "batch", "agrees", "difference", "tolerance", "where", "values", "seconds", "kernels"],
        results.Of("check").Select(static line => Cells(line, "model", "batch", "agrees", "difference", "tolerance", "where", "values", "seconds", "kernels")));

    private static void Steps(StringBuilder page, SessionResults results)
    {
        var own = results.Of("step").Select(static line => Cells(line, "model", "batch").Append("ModelDsl").Concat(Cells(line, "median_ms", "min_ms", "unwaited_ms", "gflops", "first_step_ms", "memory_mb", "driver_mb")).Append("").ToArray());
        var peers = results.Of("peer").Select(static line => Cells(line, "model", "batch", "variant", "median_ms", "min_ms").Append("").Append("").Concat(Cells(line, "first_step_ms", "memory_mb", "driver_mb", "error")).ToArray());
        Section(page, "Training steps", ["model", "batch", "program", "median ms", "min ms", "ms without waiting", "GFLOP/s", "first step ms", "memory MB", "memory of the driver MB", "error"],
            own.Concat(peers).OrderBy(static row => row[0], StringComparer.Ordinal).ThenBy(static row => row[1].PadLeft(6), StringComparer.Ordinal));
    }

    private static void Products(StringBuilder page, SessionResults results) => Section(
        page, "Products of matrices, float32", ["program", "rows", "size", "ms", "GFLOP/s"],
        results.Of("product").Select(static line => Cells(line, "kernel", "rows", "size", "ms", "gflops"))
            .Concat(results.Of("peer-product").Select(static line => Cells(line, "variant", "rows", "size", "ms", "gflops"))));

    private static void Kernels(StringBuilder page, SessionResults results)
    {
        foreach (var sum in results.Of("launches"))
        {
            var kernels = results.Of("kernel").Where(line => (string?)line["model"] == (string?)sum["model"]).ToArray();
            Section(page, $"Launches of {sum["model"]}, batch of {sum["batch"]}", ["kernel", "launches", "predicted µs", "measured µs", "measured / predicted"],
                kernels.Take(MostKernels).Select(static line => Cells(line, "kernel", "launches", "predicted_us", "measured_us", "ratio"))
                    .Append(["all", .. Cells(sum, "launches", "predicted_us", "measured_us"), ""]));
            if (kernels.Length > MostKernels)
                page.Append(CultureInfo.InvariantCulture, $"\nThe {MostKernels} kernels of {kernels.Length} with the longest times; all are in results.jsonl.\n");
        }
    }

    private static void Parts(StringBuilder page, SessionResults results)
    {
        var parts = results.Of("part");
        Section(page, "Parts", ["part", "outcome", "seconds"], parts.Select(static line => Cells(line, "part", "outcome", "seconds")));
        foreach (var part in parts.Where(static line => (string?)line["outcome"] != PartOutcome.Done && !string.IsNullOrWhiteSpace((string?)line["errors"])))
            page.Append(CultureInfo.InvariantCulture, $"\n{part["part"]} wrote:\n\n    {((string)part["errors"]!).Trim().ReplaceLineEndings("\n    ")}\n");
    }

    private static void Section(StringBuilder page, string title, string[] heads, IEnumerable<string[]> rows)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        foreach (var row in rows.Prepend([.. heads.Select(static _ => "---")]).Prepend(heads))
            page.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
    }

    private static string[] Cells(JsonObject line, params ReadOnlySpan<string> properties)
    {
        var cells = new string[properties.Length];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = Cell(line[properties[i]]);
        return cells;
    }

    private static string Cell(JsonNode? value) => value is null ? "" : value is JsonValue number && number.TryGetValue<double>(out var one) ? Number(one) : value.ToString().Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    /// <summary>Small numbers are differences, of which the size matters.</summary>
    private static string Number(double value) => value.ToString(value != 0 && Math.Abs(value) < 1e-2 ? "0.0e+0" : "#,0.###", CultureInfo.InvariantCulture);
}
