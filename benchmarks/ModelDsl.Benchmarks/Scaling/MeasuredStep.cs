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
    public static IReadOnlyList<MeasuredStep> Read(IEnumerable<string> lines, string model)
    {
        var steps = new List<MeasuredStep>();
        foreach (var line in lines.Where(static line => line.StartsWith('{')))
        {
            using var json = JsonDocument.Parse(line);
            var step = json.RootElement;
            if (step.GetProperty("model").GetString() == model)
                steps.Add(new MeasuredStep(Number("ranks"), Number("parts"), Number("batch"), step.GetProperty("median_ms").GetDouble() / 1000));

            int Number(string name) => step.GetProperty(name).GetInt32();
        }

        return steps;
    }
}
