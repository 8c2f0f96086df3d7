namespace ModelDsl.Generator.Tests.Corpus;

/// <summary>Chooses few models that between them have every feature that any model has.</summary>
internal static class FeatureCover
{
    /// <summary>
    /// Takes, again and again, the model with the most features that none before it has for its size. The choice follows from the models and the compiler alone.
    /// </summary>
    /// <param name="models">The models to choose from.</param>
    /// <param name="withDetails">Whether arguments of layers are features, and which kind of node reads which.</param>
    public static IReadOnlyList<CorpusModel> Choose(IReadOnlyList<CorpusModel> models, bool withDetails)
    {
        var features = models.AsParallel().AsOrdered().Select(model => Features.Of(model, withDetails)).ToArray();
        var costs = models.Select(model => 10.0 + model.Lowered.Losses.Sum(loss => loss.Graph.Nodes.Count)).ToArray();
        var missing = features.SelectMany(set => set).ToHashSet();
        var chosen = new List<CorpusModel>();
        while (missing.Count > 0)
        {
            var best = Enumerable.Range(0, models.Count).MaxBy(i => features[i].Count(missing.Contains) / costs[i]);
            chosen.Add(models[best]);
            missing.ExceptWith(features[best]);
        }

        return chosen;
    }
}
