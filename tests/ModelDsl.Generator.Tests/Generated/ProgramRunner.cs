using ModelDsl.Compiled;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>
/// Runs a generated program in guarded, poisoned memory with any number of workers. It lays parameters out by the terms of the description, without
/// the runtime's code.
/// </summary>
internal sealed unsafe class ProgramRunner(Model model, int bits)
{
    /// <summary>More workers than any test has.</summary>
    private const int MostWorkers = 16;

    private readonly ModelDescription description = model.Description;
    private readonly Dictionary<string, int[]> offsets = [];
    private readonly CpuProgram program = (CpuProgram)model.Description.Programs.Where(program => program.Kind == typeof(CpuProgram) && program.Width <= bits)
        .MaxBy(program => program.Width)!.Create();

    /// <summary>Of a model with buckets: the index of the one whose plans run; null for all positions.</summary>
    public int? Bucket { get; init; }

    private BucketPlansDescription Plans => Bucket is { } bucket ? program.Buckets[bucket] : new(program.Train, program.Losses, program.Inference, program.Outputs);

    /// <summary>Forward and backward: the loss, the outputs, all gradients of what it trains, the states as they are afterwards.</summary>
    /// <param name="sample">The batch and the parameters.</param>
    /// <param name="workers">The number of workers.</param>
    /// <param name="loss">The index of the loss.</param>
    /// <param name="isSecond">Whether the step is a second micro-batch, which reads the copies of parameters that a first one has made.</param>
    public Outcome Train(Sample sample, int workers = 1, int loss = 0, bool isSecond = false)
    {
        var outcome = new Outcome();
        var plan = description.Losses.Length == 0 ? Plans.Train : Plans.Losses[loss];
        var part = description.Losses.Length == 0 ? "" : description.Losses[loss].Part + ".";
        var outputs = description.Outputs.Zip(Plans.Outputs, (output, offsets) => (output.Name, output.Length, offsets.Train)).Where(output => output.Train >= 0).ToArray();
        var hasLoss = plan.LossOffset >= 0;
        using var gradients = new GuardedBuffer(description.TrainableFloats);
        ClearPads(gradients.Values);
        Run(sample, plan, gradients, loss, workers, (step, batched, withoutBatch) =>
        {
            if (isSecond)
            {
                Team.Run(workers, worker => program.Forward(step.Value, worker));
                if (hasLoss) Team.Run(workers, worker => program.Backward(step.Value, worker));
                TakeStates(new Outcome(), sample, step.Value);
                batched.Span.Fill(GuardedBuffer.Poison);
                gradients.Span.Fill(GuardedBuffer.Poison);
                ClearPads(gradients.Values);
                step = new StepBox(step.Value with { HasCopies = true });
            }

            Team.Run(workers, worker => program.Forward(step.Value, worker));
            ReadOutputs("");
            AssertStates(sample, step.Value);
            if (hasLoss)
            {
                Team.Run(workers, worker => program.Backward(step.Value, worker));
                ReadOutputs(" after backward");
                TakeStates(outcome, sample, step.Value);
            }

            void ReadOutputs(string when)
            {
                foreach (var output in outputs) Read(outcome, output.Name + when, batched, output.Train * step.Value.Capacity, sample.N * output.Length);
                if (hasLoss) Read(outcome, "loss" + when, withoutBatch, plan.LossOffset, 1);
            }
        });

        foreach (var output in outputs.Where(_ => hasLoss))
        {
            Outcome.AssertSameBits(outcome.Values[output.Name], outcome.Values[output.Name + " after backward"], output.Name);
            outcome.Values.Remove(output.Name + " after backward");
        }

        if (outcome.Values.Remove("loss after backward", out var after)) Outcome.AssertSameBits(outcome.Values["loss"], after, "loss");
        foreach (var parameter in description.Parameters.Where(parameter => parameter.Trainable && hasLoss))
        {
            if (parameter.Name.StartsWith(part, StringComparison.Ordinal)) ReadGradient(outcome, parameter, gradients);
            else AssertUntouched(parameter, gradients);
        }

        return outcome;
    }

    /// <summary>The inference plan: raw outputs and the requested parts.</summary>
    public Outcome Infer(Sample sample, InferParts parts, int workers = 1)
    {
        var outcome = new Outcome();
        Run(sample, Plans.Inference, null, 0, workers, (step, batched, withoutBatch) =>
        {
            Team.Run(workers, worker => program.Infer(step.Value, worker, parts));
            foreach (var (output, offsets) in description.Outputs.Zip(Plans.Outputs))
            {
                Read(outcome, output.Name, batched, offsets.Inference * step.Value.Capacity, sample.N * output.Length);
                if ((parts & InferParts.OutputActivation) != 0) Read(outcome, output.Name + " activated", batched, offsets.OutputActivation * step.Value.Capacity, sample.N * output.Length);
            }

            if ((parts & InferParts.Loss) == 0) return;
            if (description.Losses.Length == 0) Read(outcome, "loss", withoutBatch, Plans.Inference.LossOffset, 1);
            for (var i = 0; i < description.Losses.Length; i++) Read(outcome, description.Losses[i].Name, withoutBatch, Plans.Inference.OffsetOf(i), 1);
        });
        return outcome;
    }

    private void Run(Sample sample, PlanDescription plan, GuardedBuffer? gradients, int loss, int workers, Action<StepBox, GuardedBuffer, GuardedBuffer> run)
    {
        var capacity = (sample.N + plan.SampleAlignment - 1) / plan.SampleAlignment * plan.SampleAlignment;
        using var parameters = new GuardedBuffer(description.ParameterFloats);
        using var batched = new GuardedBuffer(plan.BatchedFloats * capacity);
        using var withoutBatch = new GuardedBuffer(plan.FixedFloats);
        using var ofWorkers = new GuardedBuffer(plan.WorkerFloats * MostWorkers);
        using var copies = new GuardedBuffer(gradients is null ? program.ParameterCopyFloats : 0);
        WriteParameters(sample, parameters.Values);
        var before = parameters.Values.ToArray();
        var columns = sample.Columns.Select((values, i) => Column(values, IsInt(i))).ToArray();
        try
        {
            var pointers = stackalloc void*[columns.Length];
            for (var i = 0; i < columns.Length; i++) pointers[i] = columns[i].Floats;
            var step = new StepBox(new Step
            {
                N = sample.N,
                Capacity = capacity,
                Parameters = parameters.Floats,
                ParameterCopies = copies.Floats,
                Gradients = gradients is null ? null : gradients.Floats,
                Batched = batched.Floats,
                Fixed = withoutBatch.Floats,
                Workers = ofWorkers.Floats,
                Columns = pointers,
                Seed = Sample.Seed,
                Number = Sample.Step,
                Loss = loss,
                Bucket = Bucket ?? program.Buckets.Length,
            });
            if (gradients is null) Team.Run(workers, worker => program.CopyParameters(step.Value, worker));
            run(step, batched, withoutBatch);
            copies.CheckGuards("the copies of parameters");
            parameters.CheckGuards("the parameters");
            batched.CheckGuards("the batched arena");
            withoutBatch.CheckGuards("the fixed arena");
            ofWorkers.CheckGuards("the memory of workers");
            gradients?.CheckGuards("the gradients");
            Outcome.AssertSameBits(before, parameters.Values, "an untouched parameter");
        }
        finally
        {
            foreach (var column in columns) column.Dispose();
        }
    }

    /// <summary>Going forward leaves states as they were: a prediction after it sees what it saw before.</summary>
    private void AssertStates(Sample sample, Step step)
    {
        foreach (var state in description.States)
        {
            var values = Offsets(state).Select(offset => step.Parameters[state.Offset + offset]).ToArray();
            Outcome.AssertSameBits(sample.Parameters[state.Name], values, $"{state.Name} after going forward");
        }
    }

    /// <summary>Takes states as the step has left them, and puts back what was there.</summary>
    private void TakeStates(Outcome outcome, Sample sample, Step step)
    {
        foreach (var state in description.States)
        {
            var values = new float[state.Length];
            for (var i = 0; i < values.Length; i++)
            {
                ref var offset = ref step.Parameters[state.Offset + Offsets(state)[i]];
                (values[i], offset) = (offset, sample.Parameters[state.Name][i]);
            }

            AssertNotPoisoned(values, state.Name);
            outcome.Values.Add(state.Name, values);
        }
    }

    private bool IsInt(int column) => (column < description.Inputs.Length
        ? description.Inputs[column] : description.Targets[column - description.Inputs.Length]).Type == ColumnType.Int;

    private static GuardedBuffer Column(float[] values, bool isInt)
    {
        var buffer = new GuardedBuffer(values.Length);
        for (var i = 0; i < values.Length; i++) buffer.Span[i] = isInt ? (int)values[i] : BitConverter.SingleToInt32Bits(values[i]);
        return buffer;
    }

    private static void Read(Outcome outcome, string name, GuardedBuffer from, int offset, int length)
    {
        var values = from.Values.Slice(offset, length).ToArray();
        AssertNotPoisoned(values, name);
        outcome.Values.Add(name, values);
    }

    private static void AssertNotPoisoned(float[] values, string name) => Assert.False(
        values.Any(value => (BitConverter.SingleToInt32Bits(value) & int.MaxValue) == GuardedBuffer.Poison), $"'{name}' holds what nobody wrote, or rests on it");

    private void WriteParameters(Sample sample, Span<float> flat)
    {
        flat.Clear();
        foreach (var parameter in description.Parameters.Concat(description.States))
        {
            var (values, at) = (sample.Parameters[parameter.Name], Offsets(parameter));
            for (var i = 0; i < values.Length; i++) flat[parameter.Offset + at[i]] = values[i];
        }

        foreach (var constant in description.Constants)
        {
            for (var i = 0; i < constant.Values.Length; i++) flat[constant.Offset + Offset(constant.Shape, constant.Layout, i)] = constant.Values[i];
        }
    }

    private void ReadGradient(Outcome outcome, ParameterDescription parameter, GuardedBuffer gradients)
    {
        var physical = gradients.Values.Slice(parameter.Offset, parameter.Layout.Floats).ToArray();
        var at = Offsets(parameter);
        var logical = Array.ConvertAll(at, offset => physical[offset]);
        foreach (var offset in at) physical[offset] = 0;

        AssertNotPoisoned(logical, parameter.Name);
        outcome.Values.Add(parameter.Name, logical);
        Assert.False(physical.Any(pad => pad != 0), $"a pad of the gradient of {parameter.Name} is not zero");
    }

    /// <summary>What a loss does not train has no gradient that it could have written.</summary>
    private void AssertUntouched(ParameterDescription parameter, GuardedBuffer gradients)
    {
        var span = gradients.Span.Slice(parameter.Offset, parameter.Layout.Floats);
        foreach (var offset in Offsets(parameter)) Assert.Equal(GuardedBuffer.Poison, span[offset]);
    }

    /// <summary>Gradients are zeros before the step, and padding remains zero.</summary>
    private void ClearPads(Span<float> gradients)
    {
        var poison = gradients.Length > 0 ? gradients[0] : 0;
        gradients.Clear();
        foreach (var parameter in description.Parameters.Where(parameter => parameter.Trainable))
        {
            foreach (var offset in Offsets(parameter)) gradients[parameter.Offset + offset] = poison;
        }
    }

    /// <summary>Where the elements of a parameter lie, from the beginning of its buffer.</summary>
    private int[] Offsets(ParameterDescription parameter)
    {
        if (!offsets.TryGetValue(parameter.Name, out var known))
            offsets.Add(parameter.Name, known = [.. Enumerable.Range(0, parameter.Length).Select(element => Offset(parameter.Shape, parameter.Layout, element))]);
        return known;
    }

    private static int Offset(int[] shape, ParameterLayout layout, int element)
    {
        var offset = 0;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            var index = element % shape[axis];
            element /= shape[axis];
            foreach (var term in layout.Terms.Where(term => term.Axis == axis))
            {
                var digit = index / term.Divisor;
                offset += (term.Modulus > 0 ? digit % term.Modulus : digit) * term.Stride;
            }
        }

        return offset;
    }

    /// <summary>A step that lambdas can hold.</summary>
    private sealed class StepBox(Step step)
    {
        public Step Value { get; } = step;
    }
}
