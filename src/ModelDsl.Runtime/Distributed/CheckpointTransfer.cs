using System.Text;
using ModelDsl.Runs;

namespace ModelDsl.Distributed;

/// <summary>A checkpoint that the root has found, as files that each rank can read.</summary>
internal sealed class CheckpointTransfer : IDisposable
{
    /// <summary>The number of bytes that are sent at a time.</summary>
    private const int Chunk = 1 << 24;

    private readonly string? copy;
    private bool isDisposed;

    /// <summary>Sends the files of the root's checkpoint to the other ranks.</summary>
    /// <param name="group">The group.</param>
    /// <param name="path">On the root, the path of the checkpoint; null if there is none.</param>
    /// <param name="isFork">On the root, whether it belongs to another run.</param>
    public CheckpointTransfer(Collective group, string? path, bool isFork)
    {
        var message = Encoding.UTF8.GetString(group.Gather(CollectiveCall.Find, Encoding.UTF8.GetBytes(path is null ? "" : (isFork ? "+" : "-") + path))[0]);
        if (message.Length == 0)
            return;
        (Path, IsFork) = (message[1..], message[0] == '+');
        copy = group.IsRoot ? null : Directory.CreateTempSubdirectory("modeldsl-").FullName;
        Folder = copy ?? path;
        try
        {
            foreach (var name in (string[])[CheckpointFiles.ModelFile, CheckpointFiles.TrainingFile, ManifestFile.Name])
                Send(group, System.IO.Path.Combine(Folder!, name));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The path of the checkpoint on the root; null if there is none.</summary>
    public string? Path { get; }

    /// <summary>The folder with the files on this rank.</summary>
    public string? Folder { get; }

    /// <summary>Whether the checkpoint belongs to another run.</summary>
    public bool IsFork { get; }

    /// <summary>Deletes the copy.</summary>
    public void Dispose()
    {
        if (copy is null || isDisposed)
            return;
        isDisposed = true;
        try
        {
            Directory.Delete(copy, recursive: true);
        }
        catch (IOException)
        {
            // The system deletes temporary files later.
        }
    }

    private static void Send(Collective group, string path)
    {
        using var file = group.IsRoot ? File.OpenRead(path) : File.Create(path);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BitConverter.TryWriteBytes(length, group.IsRoot ? file.Length : 0);
        group.Send(length);
        var left = BitConverter.ToInt64(length);
        var buffer = new byte[Math.Min(Chunk, left)];
        while (left > 0)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            if (group.IsRoot)
                file.ReadExactly(part);
            group.Send(part);
            if (!group.IsRoot)
                file.Write(part);
            left -= part.Length;
        }
    }
}
