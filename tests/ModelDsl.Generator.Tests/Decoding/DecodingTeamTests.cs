using ModelDsl.Compiled;
using ModelDsl.Generator.Tests.Generated;

namespace ModelDsl.Generator.Tests.Decoding;

/// <summary>A session's plan of a single position gives the same bits with any number of workers and texts, however small its work.</summary>
public sealed unsafe class DecodingTeamTests(DecodedModels compiled) : IClassFixture<DecodedModels>
{
    private const int ArenaAlignment = 16;

    [Theory]
    [InlineData("Gpt")]
    [InlineData("Long")]
    [InlineData("Rope")]
    [InlineData("Mixed")]
    public void Workers_and_texts_change_no_bit(string name)
    {
        var bits = compiled.Library[name].Widths[0];
        using var model = compiled.Library[name].Create(Device.Cpu, seed: 3);
        int[][] texts = [.. Enumerable.Range(0, 3).Select(seed => Decoded.Tokens(model, seed))];
        var alone = texts.Select(text => Logits(model, bits, [text], workers: 1)[0]).ToArray();
        for (var batch = 1; batch <= texts.Length; batch++)
        {
            for (var workers = 1; workers <= 4; workers++)
            {
                var logits = Logits(model, bits, texts[..batch], workers);
                for (var text = 0; text < batch; text++) Outcome.AssertSameBits(alone[text], logits[text], $"{name}, {batch} texts, {workers} workers, text {text}");
            }
        }
    }

    /// <summary>The logits at all positions of each text.</summary>
    private static float[][] Logits(Model model, int bits, int[][] texts, int workers)
    {
        var (description, n) = (model.Description, texts.Length);
        var program = (CpuProgram)description.Programs.Where(program => program.Kind == typeof(CpuProgram) && program.Width <= bits).MaxBy(program => program.Width)!.Create();
        var last = description.Generation!.Chunks.Length - 1;
        var (plan, vocabulary) = (program.Decoding[last], description.Generation.Vocabulary);
        var capacity = (n + ArenaAlignment - 1) / ArenaAlignment * ArenaAlignment;
        using var parameters = new GuardedBuffer(description.ParameterFloats);
        using var copies = new GuardedBuffer(program.ParameterCopyFloats);
        using var batched = new GuardedBuffer(plan.Plan.BatchedFloats * capacity);
        using var withoutBatch = new GuardedBuffer(plan.Plan.FixedFloats);
        using var ofWorkers = new GuardedBuffer(plan.Plan.WorkerFloats * workers);
        using var caches = new GuardedBuffer(description.Generation.CacheFloats * capacity);
        using var tokens = new GuardedBuffer(n);
        using var positions = new GuardedBuffer(n);
        var random = new Random(1);
        foreach (ref var value in parameters.Values) value = random.NextSingle() - 0.5f;
        caches.Values.Clear();
        var columns = stackalloc void*[] { tokens.Floats, positions.Floats };
        var step = new Step
        {
            N = n,
            Capacity = capacity,
            Parameters = parameters.Floats,
            ParameterCopies = copies.Floats,
            Batched = batched.Floats,
            Fixed = withoutBatch.Floats,
            Workers = ofWorkers.Floats,
            Caches = caches.Floats,
            NeedsLogits = true,
            Columns = columns,
        };
        program.CopyParameters(in step, Worker.Single);
        var logits = texts.Select(text => new float[text.Length * vocabulary]).ToArray();
        for (var position = 0; position < texts[0].Length; position++)
        {
            for (var text = 0; text < n; text++) (tokens.Span[text], positions.Span[text]) = (texts[text][position], position);
            batched.Span.Fill(GuardedBuffer.Poison);
            Team.Run(workers, worker => program.Decode(in step, worker, last));
            for (var text = 0; text < n; text++) batched.Values.Slice((plan.LogitsOffset * capacity) + (text * vocabulary), vocabulary).CopyTo(logits[text].AsSpan(position * vocabulary));
        }

        batched.CheckGuards("the batched arena");
        caches.CheckGuards("the buffers of the session");
        ofWorkers.CheckGuards("the memory of workers");
        return logits;
    }
}
