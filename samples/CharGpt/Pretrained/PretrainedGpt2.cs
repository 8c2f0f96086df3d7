using ModelDsl;

namespace CharGpt.Pretrained;

/// <summary>A GPT-2 with the weights and the vocabulary of a folder.</summary>
/// <param name="Shape">The class of the model.</param>
/// <param name="Model">The model.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
internal sealed record PretrainedGpt2(Gpt2Shape Shape, Model Model, BpeTokenizer Tokenizer) : IDisposable
{
    // Programs that train on GPUs round the number of ids up to a multiple of one of these. The additional ids have no token.
    private static readonly int[] Multiples = [8, 64, 128];

    /// <summary>Loads a folder as Hugging Face writes it.</summary>
    /// <param name="folder">A folder with config.json, model.safetensors, vocab.json and merges.txt.</param>
    /// <param name="shapes">The classes that there are.</param>
    /// <param name="device">The device that computes the model; null for <see cref="Device.Cpu"/>.</param>
    /// <exception cref="InvalidDataException">A file is damaged, the files are of different models, or no class has the shape of the model.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static PretrainedGpt2 Load(string folder, IReadOnlyList<Gpt2Shape> shapes, Device? device = null)
    {
        Gpt2Files.Check(folder);
        var config = Gpt2Config.Read(Path.Combine(folder, Gpt2Config.FileName));
        var shape = Gpt2Shape.Find(config, shapes);
        var tokenizer = BpeTokenizer.Load(folder);
        CheckVocabulary(tokenizer, Path.Combine(folder, Gpt2Files.Vocabulary), config);
        var model = shape.Create(device);
        try
        {
            LoadWeights(model, Path.Combine(folder, Gpt2Files.Weights), config);
            return new PretrainedGpt2(shape, model, tokenizer);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Begins a session.</summary>
    public GenerationSession CreateSession() => Shape.CreateSession(Model);

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static void CheckVocabulary(BpeTokenizer tokenizer, string path, Gpt2Config config)
    {
        var ids = tokenizer.VocabularySize;
        if (ids == config.Vocabulary || Array.Exists(Multiples, multiple => (ids + multiple - 1) / multiple * multiple == config.Vocabulary))
            return;
        throw new InvalidDataException(
            $"'{path}' has {ids} ids, but '{config.Path}' describes a model with the vocab_size {config.Vocabulary}; expected the same number, or the next multiple of 8, 64 or 128. The files are of different models.\n"
            + "What to do: copy vocab.json, merges.txt, config.json and model.safetensors from the same model. If tokens were added to it, copy added_tokens.json too.");
    }

    private static void LoadWeights(Model model, string path, Gpt2Config config)
    {
        try
        {
            model.Load(path, new LoadOptions { Rules = HuggingFaceRules.Gpt2(tokens: "wte") });
        }
        catch (CheckpointMismatchException exception)
        {
            const int Listed = 10;
            var lines = string.Concat(exception.Differences.Take(Listed).Select(difference => $"\n  {difference}"));
            var more = exception.Differences.Count > Listed ? $"\n  and {exception.Differences.Count - Listed} more" : "";
            throw new InvalidDataException($"""
                '{path}' does not have the tensors of the GPT-2 that '{config.Path}' describes:{lines}{more}
                What to do: copy both files again, from the same model. It must be a GPT2LMHeadModel, without other layers; its matrices are [in, out], so one with exchanged sizes was saved in another layout.
                """, exception);
        }
    }
}
