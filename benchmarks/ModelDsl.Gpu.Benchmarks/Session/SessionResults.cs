using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelDsl.Benchmarks.Gpu.Session;

/// <summary>The results of a session, which are written to a file as they come.</summary>
internal sealed class SessionResults
{
    private readonly List<JsonObject> lines = [];
    private readonly string? path;

    /// <param name="path">The file of JSON lines, which is created; null to keep the results in memory only.</param>
    public SessionResults(string? path)
    {
        this.path = path;
        if (path is not null)
            File.WriteAllText(path, "");
    }

    /// <summary>Adds a line that a part printed. What is no JSON object is kept as text.</summary>
    public void Add(string part, string line)
    {
        var result = Parse(line) ?? new JsonObject { ["kind"] = "text", ["text"] = line };
        result["part"] = part;
        Add(result);
    }

    /// <summary>Adds how a part ended.</summary>
    public void Add(string part, PartOutcome outcome) => Add(new JsonObject
    {
        ["kind"] = "part",
        ["part"] = part,
        ["outcome"] = outcome.Text,
        ["seconds"] = Math.Round(outcome.Seconds, 1),
        ["errors"] = outcome.Errors,
    });

    /// <summary>The results of a kind, in order.</summary>
    public IReadOnlyList<JsonObject> Of(string kind) => [.. lines.Where(line => (string?)line["kind"] == kind)];

    private void Add(JsonObject line)
    {
        lines.Add(line);
        if (path is not null)
            File.AppendAllText(path, line.ToJsonString() + "\n");
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
