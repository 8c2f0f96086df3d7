using System.Globalization;
using ModelDsl.Checkpoints;
using ModelDsl.Files;

namespace ModelDsl.Runs;

/// <summary>Saves the model of the best epoch.</summary>
internal sealed class BestModel
{
    public const string FileName = "best.safetensors";

    private const string OnValidation = "validation ";
    private const string EpochKey = "epoch";

    private readonly string path;
    private readonly string monitor;
    private readonly string metric;
    private readonly bool isValidation;
    private double best = double.NaN;
    private int bestEpoch;
    private string checksum = "";

    /// <summary>Checks that the value exists.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="monitor">The name of the value, such as <c>validation accuracy</c>.</param>
    /// <param name="metrics">The names of the metrics.</param>
    /// <param name="hasValidation">Whether there is validation data.</param>
    /// <exception cref="ArgumentException">There is no such value.</exception>
    public BestModel(string folder, string monitor, IReadOnlyList<string> metrics, bool hasValidation)
    {
        path = Path.Combine(folder, FileName);
        this.monitor = monitor;
        isValidation = monitor.StartsWith(OnValidation, StringComparison.Ordinal);
        metric = isValidation ? monitor[OnValidation.Length..] : monitor;
        if (isValidation && !hasValidation)
            throw new ArgumentException($"KeepBest is '{monitor}', but there is no validation data: pass it to Fit, or set KeepBest to '{metric}'.", nameof(monitor));
        if (metric != "loss" && !metrics.Contains(metric))
        {
            string[] names = ["loss", .. metrics];
            var known = names.Select(name => $"'{name}'").Concat(hasValidation ? names.Select(name => $"'{OnValidation}{name}'") : []);
            throw new ArgumentException($"KeepBest is '{monitor}', which does not exist; there is {string.Join(", ", known)}.", nameof(monitor));
        }
    }

    /// <summary>Saves the model if the epoch is the best so far.</summary>
    /// <param name="model">The model with the weights of the epoch's results.</param>
    /// <param name="epoch">The results.</param>
    /// <returns>Null, or why the file could not be written.</returns>
    public string? EpochEnded(Model model, EpochResult epoch)
    {
        var (value, higherIsBetter) = Value(epoch);
        if (double.IsNaN(value) || (bestEpoch > 0 && !(higherIsBetter ? value > best : value < best)))
            return null;
        try
        {
            checksum = CheckpointFiles.WriteModel(
                path, model, (EpochKey, epoch.Epoch.ToString(CultureInfo.InvariantCulture)), (monitor, value.ToString("R", CultureInfo.InvariantCulture))).Sha256;
            (best, bestEpoch) = (value, epoch.Epoch);
            return null;
        }
        catch (IOException exception)
        {
            return $"The best model so far, of epoch {epoch.Epoch}, could not be saved: {exception.Message} Training continues.";
        }
    }

    public void Save(CheckpointWriter writer)
    {
        writer.Write("monitor", monitor);
        writer.Write("value", best);
        writer.Write("epoch", bestEpoch);
        writer.Write("sha256", checksum);
    }

    /// <summary>Restores the best value, if it is of the same metric and its file is still there.</summary>
    /// <param name="reader">The values.</param>
    /// <param name="epochs">The number of completed epochs.</param>
    /// <returns>Null, or that the file is missing or damaged.</returns>
    public string? Restore(CheckpointReader reader, int epochs)
    {
        if (!reader.Contains("monitor") || reader.GetString("monitor") != monitor)
            return null;
        (best, bestEpoch, checksum) = (reader.GetDouble("value"), checked((int)reader.GetInt64("epoch")), reader.GetString("sha256"));
        if (bestEpoch == 0 || IsIntact(epochs))
            return null;
        var lost = bestEpoch;
        (best, bestEpoch, checksum) = (double.NaN, 0, "");
        return $"'{path}', the model of epoch {lost}, is missing or damaged. It will be saved again after the next epoch, and then after each better one.";
    }

    private bool IsIntact(int epochs)
    {
        try
        {
            using (var stream = InputFile.Open(path))
            {
                if (CheckpointFiles.Checksum(stream) == checksum)
                    return true;
            }

            // An epoch after the checkpoint was better. The resumed run will write the same file again.
            using var file = SafetensorsFile.Open(path);
            return file.Metadata.TryGetValue(EpochKey, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var epoch) && epoch > epochs;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return false;
        }
    }

    private (double Value, bool HigherIsBetter) Value(EpochResult epoch)
    {
        if (metric == "loss")
            return (isValidation ? epoch.Validation!.Loss : epoch.Loss, false);
        var found = (isValidation ? epoch.Validation!.Metrics : epoch.Metrics).First(value => value.Name == metric);
        return (found.Value, found.HigherIsBetter);
    }
}
