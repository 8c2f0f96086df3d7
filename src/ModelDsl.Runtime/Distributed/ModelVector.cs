using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ModelDsl.Optimizers;

namespace ModelDsl.Distributed;

/// <summary>The trainable parameters of a model, which all ranks have.</summary>
internal static class ModelVector
{
    /// <summary>The number of floats that are hashed at a time.</summary>
    private const int HashChunk = 1 << 16;

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

    /// <summary>Returns the range of the gradients of a part.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">The name of the part; empty for the whole model.</param>
    public static (int Start, int Length) Range(Model model, string part)
    {
        if (part.Length == 0)
            return (0, model.Description.TrainableFloats);
        var parameters = Array.FindAll(model.Description.Parameters, parameter => Segmentation.IsUpdated(parameter, part));
        return parameters.Length == 0 ? (0, 0) : (parameters[0].Offset, parameters[^1].Offset + parameters[^1].Layout.Floats - parameters[0].Offset);
    }

    /// <summary>Returns a hash of the model's trainable parameters.</summary>
    /// <param name="model">The model.</param>
    public static byte[] HashParameters(Model model)
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
}
