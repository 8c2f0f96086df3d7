using System.Text.Json;

namespace ModelDsl.Benchmarks.Scaling;

/// <summary>A measured training step of a group of ranks, or of one process without a group.</summary>
/// <param name="Ranks">The number of ranks.</param>
/// <param name="Parts">The number of parts of the batch; 1 without a group.</param>
/// <param name="Samples">The number of samples of all ranks.</param>
/// <param name="Seconds">The duration.</param>
internal sealed record MeasuredStep(int Ranks, int Parts, int Samples, double Seconds)
{
    /// <summary>Reads the lines that <c>step</c> has printed.</summary>
    /// <param name="lines">The lines; those that are no JSON objects, such as output of <c>mpirun</c>, are left out.</param>
    /// <param name="model">The name of the model; steps of others are left out.</param>
    /// <exception cref="InvalidDataException">A line is incomplete.</exception>
    public static IReadOnlyList<MeasuredStep> Read(IEnumerable<string> lines, string model)
    {
        var steps = new List<MeasuredStep>();
        foreach (var (index, line) in lines.Index())
        {
            if (!line.StartsWith('{'))
                continue;
            try
            {
                if (Read(line, model) is { } step)
                    steps.Add(step);
            }
            catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new InvalidDataException(
                    $"Line {index + 1} of the measured steps is not what 'step' prints: {exception.Message} It needs the properties model, batch, ranks, parts and median_ms. What to do: measure again with this version of 'step', or remove the line.", exception);
            }
        }

        return steps;
    }

    private static MeasuredStep? Read(string line, string model)
    {
        using var json = JsonDocument.Parse(line);
        var step = json.RootElement;
        return step.GetProperty("model").GetString() == model ? new MeasuredStep(Number("ranks"), Number("parts"), Number("batch"), step.GetProperty("median_ms").GetDouble() / 1000) : null;

        int Number(string name) => step.GetProperty(name).GetInt32();
    }
}
