using ModelDsl;

namespace Translate;

/// <summary>Trains a model on pairs and translates with it.</summary>
/// <param name="Pairs">The pairs.</param>
/// <param name="Model">The model.</param>
internal sealed record Translator(Pairs Pairs, Model Model)
{
    /// <summary>The number of texts that are translated at a time.</summary>
    private const int Batch = 250;

    /// <summary>Trains the model. The learning rate falls to almost 0.</summary>
    /// <returns>Whether training was not cancelled.</returns>
    public bool Train(int epochs, int seed, ITrainingView view, CancellationToken cancellation)
    {
        var trainer = new Trainer(new Adam(2e-3) { ClipNorm = 1 })
        {
            Epochs = epochs,
            BatchSize = 64,
            Seed = seed,
            Schedule = LearningRateSchedule.WarmUp(100, LearningRateSchedule.Cosine(last: 0.02)),
            ValidationSplit = 0.05,
            View = view,
        };
        return !trainer.Fit(Model, Pairs.Samples(Pairs.Train), cancellation: cancellation).Cancelled;
    }

    /// <summary>Translates texts greedily, many at a time.</summary>
    public List<string> Translate(IReadOnlyList<string> sources)
    {
        var translations = new List<string>();
        foreach (var texts in sources.Chunk(Batch))
        {
            using var session = Begin([.. texts.SelectMany(Pairs.Encode)]);
            var written = texts.Select(_ => new List<int>()).ToArray();
            int[][] prompts = [.. texts.Select(_ => new[] { Pairs.EndToken })];
            foreach (var tokens in session.Generate(prompts, new() { StopTokens = [Pairs.EndToken] }))
            {
                for (var i = 0; i < texts.Length; i++)
                {
                    if (tokens[i] >= 0)
                        written[i].Add(tokens[i]);
                }
            }

            translations.AddRange(written.Select(tokens => Pairs.Target.Decode(tokens.ToArray())));
        }

        return translations;
    }

    /// <summary>Translates a text by beam search.</summary>
    /// <returns>Translations with their scores, best first.</returns>
    public List<(string Text, double Score)> Search(string source, int beams)
    {
        using var session = Begin(Pairs.Encode(source));
        var found = session.BeamSearch([Pairs.EndToken], new() { Beams = beams, StopTokens = [Pairs.EndToken] });
        return [.. found.Select(text => (Pairs.Target.Decode([.. text.Tokens]), text.Score))];
    }

    private GenerationSession Begin(int[] sources) => Model switch
    {
        AttentionModel attention => attention.CreateSession(sources),
        RecurrentModel recurrent => recurrent.CreateSession(sources),
        _ => throw new ArgumentException($"{Model.Description.Name} is no model of this sample."),
    };
}
