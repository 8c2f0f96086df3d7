using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ModelDsl.Devices.Cpu;

namespace ModelDsl.Distributed;

/// <summary>The trainable parameters of a model, as one vector that ranks divide.</summary>
/// <param name="model">The model.</param>
internal sealed class ModelVector(Model model)
{
    /// <summary>The number of floats that are hashed at a time.</summary>
    private const int HashChunk = 1 << 16;

    private readonly int gradients = model.Description.TrainableFloats;
    private readonly float[] copy = model.OnDevice.Gradients is CpuBuffer ? [] : new float[model.Description.TrainableFloats];

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

    /// <summary>Returns a hash of the model's trainable parameters.</summary>
    public byte[] HashParameters()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var part = new float[Math.Min(HashChunk, gradients)];
        for (var at = 0; at < gradients; at += part.Length)
        {
            var values = part.AsSpan(0, Math.Min(part.Length, gradients - at));
            model.OnDevice.Parameters.Read(at, values);
            hash.AppendData(MemoryMarshal.AsBytes(values));
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Collects the model's trainable parameters, of which each rank has updated its own range.</summary>
    /// <param name="group">The group.</param>
    public void Collect(Collective group)
    {
        if (model.OnDevice.Parameters is CpuBuffer buffer)
        {
            group.Tree.Collect(buffer.Span[..gradients], group.Timeout);
            return;
        }

        model.OnDevice.Parameters.Read(0, copy);
        group.Tree.Collect(copy, group.Timeout);
        model.OnDevice.Parameters.Write(0, copy);
    }
}
