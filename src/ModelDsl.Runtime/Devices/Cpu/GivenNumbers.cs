using ModelDsl.Compiled;
using ModelDsl.Parameters;

namespace ModelDsl.Devices.Cpu;

/// <summary>Checks the numbers that a training step is given, so that what kernels compute from them is not named as the cause.</summary>
/// <param name="description">The model's description.</param>
/// <param name="parameters">The flat parameter buffer.</param>
internal sealed unsafe class GivenNumbers(ModelDescription description, CpuBuffer parameters)
{
    /// <summary>Checks the batch, the parameters and the states before a step.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="step">The number of the step, starting at 1.</param>
    /// <exception cref="NonFiniteNumberException">A number is infinite or NaN.</exception>
    public void BeforeStep(Batch batch, int step)
    {
        for (var column = 0; column < batch.Columns.Count; column++)
        {
            var of = batch.Columns[column];
            if (of.Type != ColumnType.Float || NumberCheck.IsFinite(batch.Floats(column)))
                continue;
            var at = FirstNonFinite.In(batch.Floats(column));
            throw new NonFiniteNumberException(
                description.Name, $"the {(column < description.Inputs.Length ? "input" : "target")} '{of.Name}'", $"of the batch of step {step}",
                "The data contains it: check where the data comes from, or leave out such samples.",
                batch.Floats(column)[at], step, at / of.Length, Coordinates.Of(at % of.Length, of.Shape));
        }

        Check($"before step {step}", "It was loaded or assigned: check the file, or the code that sets it.", step);
    }

    /// <summary>Checks the parameters after an update.</summary>
    /// <param name="step">The number of the step, starting at 1.</param>
    /// <exception cref="NonFiniteNumberException">A number is infinite or NaN.</exception>
    public void AfterUpdate(int step) => Check(
        $"after the update of step {step}",
        "The gradients of the step were finite, so the update itself exceeded the range of numbers. Usual causes: a learning rate that is too high, or very large gradients, which ClipNorm of the optimizer limits.",
        step);

    private void Check(string when, string advice, int step)
    {
        foreach (var (parameter, kind) in description.Parameters.Select(static parameter => (parameter, "parameter")).Concat(description.States.Select(static state => (state, "state"))))
        {
            if (NumberCheck.IsFinite(new ReadOnlySpan<float>(parameters.Pointer + parameter.Offset, parameter.Layout.Floats)))
                continue;
            var values = new float[parameter.Length];
            new LayoutMap(parameter.Shape, parameter.Layout).Gather(new ReadOnlySpan<float>(parameters.Pointer + parameter.Offset, parameter.Layout.Floats), values);
            if (FirstNonFinite.In(values) is >= 0 and var at)
                throw new NonFiniteNumberException(description.Name, $"the {kind} '{parameter.Name}'", when, advice, values[at], step, null, Coordinates.Of(at, parameter.Shape));
        }
    }
}
