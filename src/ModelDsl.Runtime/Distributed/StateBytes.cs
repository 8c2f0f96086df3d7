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

    /// <summary>Restores objects.</summary>
    /// <param name="bytes">What <see cref="Of"/> has returned.</param>
    /// <param name="restore">Restores the objects.</param>
    public static void Restore(byte[] bytes, Action<CheckpointReader> restore)
    {
        using var file = SafetensorsFile.FromBytes(bytes);
        restore(new CheckpointReader("another rank", file.Metadata, file));
    }
}
