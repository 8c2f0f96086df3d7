using System.Globalization;

namespace ModelDsl.Models.Checks;

/// <summary>Compares the gradients of a model with finite differences of its loss, with fixed masks of dropout.</summary>
internal sealed class GradientCheck(Model model, Batch batch, ModelCheckOptions options)
{
    /// <summary>The relative rounding error of a 32-bit float.</summary>
    private const double Epsilon = 1.1920929e-7;

    /// <summary>The sizes of steps that are tried, as fractions of the norm of the parameter.</summary>
    private static readonly double[] Fractions = [1e-2, 1e-3, 1e-1, 1e-4];

    private readonly uint steps = model.TrainingSteps;
    private readonly Random random = new(1);
    private double loss;

    /// <exception cref="ModelCheckException">A gradient is wrong.</exception>
    public List<GradientComparison> Run()
    {
        model.TrainingSteps = steps;
        model.Forward(batch);
        loss = model.LastLoss;
        if (!double.IsFinite(loss))
            throw new ModelCheckException(string.Create(CultureInfo.InvariantCulture, $"The loss of {model.Description.Name} on this batch is {loss}. Check the batch for values that are NaN or very large."));
        model.Backward(batch);
        float[][] gradients = [.. model.Gradients.Select(static gradient => gradient.ToArray())];

        // Backward changes states, which the loss of later forward passes must not depend on.
        model.UndoStep();
        return [.. model.Gradients.Select((gradient, index) => Check(model.Parameters[gradient.Name], gradients[index]))];
    }

    private GradientComparison Check(Parameter parameter, float[] gradient)
    {
        var values = parameter.ToArray();
        var norm = Norm(gradient);
        if (!double.IsFinite(norm))
            throw new ModelCheckException($"The gradient of {parameter} has values that are infinite or NaN.", parameter.Name);

        // A parameter of zeros, such as a bias, gets steps as if its elements were 0.1.
        var scale = Math.Max(Norm(values), 0.1 * Math.Sqrt(values.Length));
        var along = norm == 0 ? 0 : Compare(parameter, values, Array.ConvertAll(gradient, value => value / norm), norm, scale, "along its gradient");
        foreach (var element in Elements(gradient))
        {
            var direction = new double[values.Length];
            direction[element] = 1;
            Compare(parameter, values, direction, gradient[element], scale / Math.Sqrt(values.Length), $"at element {Position(parameter, element)}");
        }

        return new GradientComparison(parameter.Name, norm, along);
    }

    /// <summary>Compares a derivative with differences along a direction.</summary>
    /// <returns>The difference that agrees.</returns>
    private double Compare(Parameter parameter, float[] values, double[] direction, double expected, double scale, string what)
    {
        var (closest, allowed) = (double.NaN, 0.0);
        foreach (var fraction in Fractions)
        {
            var h = fraction * scale;
            var difference = (Loss(parameter, values, direction, h) - Loss(parameter, values, direction, -h)) / (2 * h);
            var tolerance = (options.Tolerance * Math.Max(Math.Abs(expected), Math.Abs(difference))) + (options.RoundingErrors * Epsilon * Math.Max(Math.Abs(loss), 1e-3) / (2 * h));
            if (Math.Abs(difference - expected) <= tolerance)
            {
                parameter.CopyFrom(values);
                return difference;
            }

            if (double.IsNaN(closest) || Math.Abs(difference - expected) < Math.Abs(closest - expected))
                (closest, allowed) = (difference, tolerance);
        }

        parameter.CopyFrom(values);
        throw new ModelCheckException(
            string.Create(CultureInfo.InvariantCulture, $"The gradient of {parameter} in {model.Description.Name} is wrong {what}: it is {expected:G5}, but the loss changes by {closest:G5} per unit (tolerance {allowed:G2}). ")
            + "If the loss is not smooth here, use another seed or another batch; otherwise the gradient does not belong to the loss.", parameter.Name);
    }

    private double Loss(Parameter parameter, float[] values, double[] direction, double step)
    {
        var moved = new float[values.Length];
        for (var i = 0; i < moved.Length; i++)
            moved[i] = (float)(values[i] + (step * direction[i]));
        parameter.CopyFrom(moved);
        model.TrainingSteps = steps;
        model.Forward(batch);
        return model.LastLoss;
    }

    /// <summary>Returns the element with the greatest gradient, and others at random.</summary>
    private int[] Elements(float[] gradient)
    {
        var greatest = 0;
        for (var i = 1; i < gradient.Length; i++)
        {
            if (Math.Abs(gradient[i]) > Math.Abs(gradient[greatest]))
                greatest = i;
        }

        return [.. Enumerable.Range(1, options.Elements - 1).Select(_ => random.Next(gradient.Length)).Prepend(greatest).Distinct()];
    }

    private static string Position(Parameter parameter, int element)
    {
        var position = new int[parameter.Shape.Count];
        for (var axis = position.Length - 1; axis >= 0; axis--)
            (element, position[axis]) = Math.DivRem(element, parameter.Shape[axis]);
        return $"[{string.Join(", ", position)}]";
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(static value => (double)value * value));
}
