using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ModelDsl.Devices.Cpu;
using ModelDsl.Optimizers;

namespace ModelDsl.Distributed;

/// <summary>The gradients of a model or of a part of it, and after them the states of the model, as one vector that is added over parts and ranks.</summary>
/// <param name="model">The model.</param>
/// <param name="part">The name of the part; empty for the whole model.</param>
internal sealed class ModelVector(Model model, string part = "")
{
    /// <summary>The number of floats that are hashed at a time.</summary>
    private const int HashChunk = 1 << 16;

    private readonly int start = Range(model, part).Start;
    private readonly int gradients = Range(model, part).Length;
    private readonly int states = model.Description.StatesFloats;
    private readonly float[] copy = model.OnDevice.Gradients is CpuBuffer ? [] : new float[model.Description.TrainableFloats];

    /// <summary>The number of floats.</summary>
    public int Length => gradients + states;

    /// <summary>Checks that the gradients of a model can be added over ranks.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="NotSupportedException">The model has a table with sparse updates.</exception>
    public static void Check(Model model)
    {
        if (Array.Find(model.Description.Parameters, static parameter => parameter.SparseIds >= 0) is { } sparse)
        {
            throw new NotSupportedException(
                $"'{sparse.Name}' of {model.Description.Name} has sparse updates, and a group of ranks adds whole gradients: remove SparseUpdates, or train without a group.");
        }
    }

    /// <summary>Adds the model's gradients, multiplied by a weight, to a vector.</summary>
    /// <param name="sum">The vector.</param>
    /// <param name="weight">The weight.</param>
    public void AddGradients(Span<float> sum, float weight) => FloatSpans.AddProducts(sum[..gradients], Read(), weight);

    /// <summary>Replaces the gradients in a vector by the model's, multiplied by a weight.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="weight">The weight.</param>
    public void SetGradients(Span<float> vector, float weight) => FloatSpans.SetProducts(vector[..gradients], Read(), weight);

    /// <summary>Replaces the states in a vector by the model's.</summary>
    /// <param name="vector">The vector.</param>
    public void SetStates(Span<float> vector)
    {
        if (states > 0)
            model.OnDevice.Parameters.Read(model.Description.StatesOffset, vector.Slice(gradients, states));
    }

    /// <summary>Sets the model's gradients to those of a vector, divided by the sum of the weights.</summary>
    /// <param name="sum">The vector.</param>
    /// <param name="weight">The sum of the weights.</param>
    public void WriteGradients(Span<float> sum, double weight)
    {
        FloatSpans.Divide(sum[..gradients], weight == 0 ? 1 : (float)weight);
        model.OnDevice.Gradients.Write(start, sum[..gradients]);
    }

    /// <summary>Sets the model's states to those of a vector, divided by a number.</summary>
    /// <param name="sum">The vector.</param>
    /// <param name="count">The number of vectors that were added.</param>
    public void WriteStates(Span<float> sum, long count)
    {
        if (states == 0 || count == 0)
            return;
        using var access = model.Write();
        FloatSpans.Divide(sum.Slice(gradients, states), count);
        model.OnDevice.Parameters.Write(model.Description.StatesOffset, sum.Slice(gradients, states));
    }

    /// <summary>Returns a hash of the model's trainable parameters.</summary>
    public byte[] HashParameters()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var all = model.Description.TrainableFloats;
        var chunk = new float[Math.Min(HashChunk, all)];
        for (var at = 0; at < all; at += chunk.Length)
        {
            var values = chunk.AsSpan(0, Math.Min(chunk.Length, all - at));
            model.OnDevice.Parameters.Read(at, values);
            hash.AppendData(MemoryMarshal.AsBytes(values));
        }

        return hash.GetHashAndReset();
    }

    private ReadOnlySpan<float> Read()
    {
        if (model.OnDevice.Gradients is CpuBuffer buffer)
            return buffer.Span.Slice(start, gradients);
        model.OnDevice.Gradients.Read(start, copy.AsSpan(0, gradients));
        return copy.AsSpan(0, gradients);
    }

    private static (int Start, int Length) Range(Model model, string part)
    {
        if (part.Length == 0)
            return (0, model.Description.TrainableFloats);
        var parameters = Array.FindAll(model.Description.Parameters, parameter => Segmentation.IsUpdated(parameter, part));
        return parameters.Length == 0 ? (0, 0) : (parameters[0].Offset, parameters[^1].Offset + parameters[^1].Layout.Floats - parameters[0].Offset);
    }
}
