using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>
/// A model compiled for a kind of device: the base of <see cref="CpuProgram"/>, and of the programs of other devices. It says how much memory its plans need and
/// where they leave results; how it runs is between it and its device.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class DeviceProgram
{
    /// <summary>The memory and the work of a training step; with several losses, enough for the step of any of them.</summary>
    public abstract PlanDescription Train { get; }

    /// <summary>The memory and the work of a training step of each of several losses; empty for a single one.</summary>
    public virtual PlanDescription[] Losses => [];

    /// <summary>The memory and the work of inference: prediction and evaluation.</summary>
    public abstract PlanDescription Inference { get; }

    /// <summary>Where the plans leave the model's outputs, in the order of its description.</summary>
    public abstract OutputOffsets[] Outputs { get; }
}

/// <summary>Where plans leave an output, in floats per sample of the arena of values with a batch axis.</summary>
/// <param name="Train">Where a training step leaves the raw output; −1 where it does not keep it.</param>
/// <param name="Inference">Where inference leaves the raw output.</param>
/// <param name="Link">Where inference leaves the output after the loss's link (softmax, sigmoid); equal to <paramref name="Inference"/> when the link is the identity.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct OutputOffsets(int Train, int Inference, int Link);

/// <summary>One of the programs of a model, made when a device asks for it.</summary>
/// <param name="Kind">The class that programs of its kind derive from.</param>
/// <param name="Width">Tells programs of a kind apart: the width in bits that it computes with, or 0.</param>
/// <param name="Create">Makes the program.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ProgramDescription(Type Kind, int Width, Func<DeviceProgram> Create);
