using ModelDsl.Devices;

namespace ModelDsl.Models;

/// <summary>A pool of inference workspaces.</summary>
/// <param name="device">The model on its device, which creates the workspaces.</param>
internal sealed class WorkspacePool(DeviceModel device)
{
    private readonly Lock gate = new();
    private readonly InferenceWorkspace[] waiting = new InferenceWorkspace[2 * Environment.ProcessorCount];
    private InferenceWorkspace? last;
    private int count;

    /// <summary>Gets a workspace from the pool, or creates one.</summary>
    public InferenceWorkspace Rent()
    {
        if (Interlocked.Exchange(ref last, null) is { } workspace)
            return workspace;
        lock (gate)
        {
            if (count > 0)
                return waiting[--count];
        }

        return device.CreateWorkspace();
    }

    /// <summary>Returns a workspace to the pool. If the pool has more than the processors can use, it is discarded.</summary>
    /// <param name="workspace">The workspace.</param>
    public void Return(InferenceWorkspace workspace)
    {
        if (Interlocked.CompareExchange(ref last, workspace, null) is null)
            return;
        lock (gate)
        {
            if (count < waiting.Length)
                waiting[count++] = workspace;
        }
    }
}
