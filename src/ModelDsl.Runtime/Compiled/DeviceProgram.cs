using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>
/// A model compiled for a kind of device: the base class of <see cref="CpuProgram"/> and of the programs of other devices. It gives the memory sizes of its plans and
/// the offsets of their results. How a program runs is defined by the derived class for its device.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class DeviceProgram
{
    /// <summary>The memory and the work of a training step; with several losses, enough for a step of any of them. Empty for a model for prediction only.</summary>
    public virtual PlanDescription Train => PlanDescription.None;

    /// <summary>The memory and the work of a training step of each of several losses; empty for a single one.</summary>
    public virtual PlanDescription[] Losses => [];

    /// <summary>The memory and the work of inference: prediction and evaluation.</summary>
    public abstract PlanDescription Inference { get; }

    /// <summary>The plans of sessions, in the order of the model's description; empty where the model or the device has none.</summary>
    public virtual DecodePlanDescription[] Decoding => [];

    /// <summary>The offsets of the model's outputs in the memory of the plans, in the order of the model's description.</summary>
    public abstract OutputOffsets[] Outputs { get; }

    /// <summary>The plans of the model's buckets, in the order of their lengths. If there are none, the program computes all positions.</summary>
    public virtual BucketPlansDescription[] Buckets => [];
}

/// <summary>The offsets of an output in the memory of the plans, in floats per sample of the arena of values with a batch axis.</summary>
/// <param name="Train">The offset of the raw output in a training step; −1 if the step does not store it.</param>
/// <param name="Inference">The offset of the raw output in inference.</param>
/// <param name="OutputActivation">The offset of the output after the output activation (softmax, sigmoid) in inference; <paramref name="Inference"/> if there is none.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct OutputOffsets(int Train, int Inference, int OutputActivation);

/// <summary>One of the programs of a model, which is created when a device requests it.</summary>
/// <param name="Kind">The base class of the programs of its kind.</param>
/// <param name="Width">Distinguishes the programs of a kind: the width of its vectors in bits, or 0.</param>
/// <param name="Create">Creates the program.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ProgramDescription(Type Kind, int Width, Func<DeviceProgram> Create);
