using ModelDsl.Checkpoints;

namespace ModelDsl.Distributed;

/// <summary>The state of objects as bytes, in the form of a checkpoint, to send it to other ranks.</summary>
internal static class StateBytes
{
    /// <summary>Returns what objects save.</summary>
    /// <param name="save">Saves the objects.</param>
    public static byte[] Of(Action<CheckpointWriter> save)
    {
        var writer = new CheckpointWriter();
        save(writer);
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, "", writer.Tensors, [.. writer.Values.Select(static value => (value.Key, value.Value))]);
        return stream.ToArray();
    }

    /// <summary>Adds the floats that objects have saved to a checkpoint.</summary>
    /// <param name="bytes">What <see cref="Of"/> has returned.</param>
    /// <param name="writer">Gets the floats.</param>
    public static void CopyTo(byte[] bytes, CheckpointWriter writer)
    {
        using var file = SafetensorsFile.FromBytes(bytes);
        foreach (var entry in file.Entries)
        {
            var values = new float[(entry.End - entry.Begin) / sizeof(float)];
            file.ReadExactly<float>(entry, values);
            writer.Write(entry.Name, values.AsMemory());
        }
    }

    /// <summary>Restores objects.</summary>
    /// <param name="bytes">What <see cref="Of"/> has returned.</param>
    /// <param name="restore">Restores the objects.</param>
    public static void Restore(byte[] bytes, Action<CheckpointReader> restore)
    {
        using var file = SafetensorsFile.FromBytes(bytes);
        restore(new CheckpointReader("another rank", file.Metadata, file));
    }
}
