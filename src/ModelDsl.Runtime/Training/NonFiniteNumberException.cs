using System.Globalization;
using ModelDsl.Compiled;

namespace ModelDsl;

/// <summary>
/// The exception for the first infinite or NaN number of a training step, in a program whose project sets <c>ModelDslCheckNumbers</c>: in the batch, in a parameter or state, or in a value that
/// a kernel has computed.
/// </summary>
public sealed class NonFiniteNumberException : Exception
{
    private const string HowToUndo = "Parameters are as before the step. In a loop of your own, call UndoStep to take back the step's changes of states too.";

    /// <summary>A number that a kernel has computed from finite numbers.</summary>
    internal NonFiniteNumberException(string model, NumberCheck check, float number, int step, int? sample, int[] coordinates)
        : this(
            Found(model, number, check.Value, $"in the {check.Pass} pass of step {step}", sample, coordinates)
            + (check.Layer is null ? "" : $" It belongs to the layer {check.Layer}.")
            + $" The kernel {check.Kernel}, whose operands are finite, computes:\n{string.Concat(check.Formula.Select(static line => $"  {line}\n"))}{HowToUndo}",
            model, check.Value, number, step)
    {
        (Layer, Pass, Kernel, Formula) = (check.Layer, check.Pass, check.Kernel, string.Join('\n', check.Formula));
        (Sample, Coordinates) = (sample, coordinates);
    }

    /// <summary>A number that was given to a step.</summary>
    internal NonFiniteNumberException(string model, string value, string when, string advice, float number, int step, int? sample, int[] coordinates)
        : this($"{Found(model, number, value, when, sample, coordinates)} {advice}", model, value, number, step)
    {
        (Sample, Coordinates) = (sample, coordinates);
    }

    private NonFiniteNumberException(string message, string model, string value, float number, int step)
        : base(message)
    {
        (Model, Value, Number, Step) = (model, value, number, step);
    }

    /// <summary>The name of the model's class.</summary>
    public string Model { get; }

    /// <summary>What contains the number, such as <c>'dense1'</c>, <c>the gradient of 'dense1.weight'</c> or <c>the input 'image'</c>.</summary>
    public string Value { get; }

    /// <summary>The layer that the value belongs to, with its arguments; null if there is none.</summary>
    public string? Layer { get; }

    /// <summary>The pass that has computed the value, <c>forward</c> or <c>backward</c>; null for inputs, targets, parameters and states.</summary>
    public string? Pass { get; }

    /// <summary>The method of the generated program that has computed the value; null for inputs, targets, parameters and states.</summary>
    public string? Kernel { get; }

    /// <summary>What that method computes, one line for each step; null for inputs, targets, parameters and states.</summary>
    public string? Formula { get; }

    /// <summary>The number of the training step since the model was created, starting at 1.</summary>
    public int Step { get; }

    /// <summary>The index of the sample in the batch; null for a value without a batch axis.</summary>
    public int? Sample { get; }

    /// <summary>The indices of the number in the value, or in the part of the sample; empty for a scalar.</summary>
    public IReadOnlyList<int> Coordinates { get; private init; } = [];

    /// <summary>The number: infinite or NaN.</summary>
    public float Number { get; }

    private static string Found(string model, float number, string value, string when, int? sample, int[] coordinates)
    {
        string?[] locations = [sample is null ? null : $"sample {sample} of the batch", coordinates.Length == 0 ? null : $"position [{string.Join(", ", coordinates)}]"];
        var where = string.Join(", ", locations.OfType<string>());
        return string.Create(CultureInfo.InvariantCulture, $"{model} has {number} in {value} {when}{(where.Length == 0 ? "" : $": {where}")}.");
    }
}
