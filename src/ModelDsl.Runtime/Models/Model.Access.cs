using ModelDsl.Devices;
using ModelDsl.Models;

namespace ModelDsl;

/// <content>Which threads can use the model at a time.</content>
public abstract partial class Model
{
    private int weightsVersion;

    /// <summary>
    /// Reserves the model for the calling thread during a training run: until the result is disposed, use by other threads is an error.
    /// </summary>
    internal Access BeginTraining()
    {
        ThrowIfDisposed();
        gate.BeginSession();
        return new Access(gate, AccessKind.Session);
    }

    /// <summary>Reserves the model, or a part of it, for an optimizer's update until the result is disposed.</summary>
    internal Access BeginUpdate(out DeviceModel device, string part = "")
    {
        ThrowIfDisposed();
        PredictionOnly.Reject(Description);
        CheckGradients(part);
        device = this.device;
        return Write();
    }

    internal Access Read()
    {
        ThrowIfDisposed();
        gate.EnterRead();
        return new Access(gate, AccessKind.Read);
    }

    /// <summary>How often parameters or states may have been changed.</summary>
    internal int WeightsVersion => Volatile.Read(ref weightsVersion);

    internal Access Write()
    {
        var access = BeginWrite();
        device.ParametersChange();
        return access;
    }

    /// <summary>Reserves the model to change only its states.</summary>
    internal Access WriteStates()
    {
        var access = BeginWrite();
        device.StatesChange();
        return access;
    }

    private Access BeginWrite()
    {
        ThrowIfDisposed();
        gate.EnterWrite();
        Interlocked.Increment(ref weightsVersion);
        return new Access(gate, AccessKind.Write);
    }

    private Access Train()
    {
        gate.EnterTraining();
        return new Access(gate, AccessKind.Training);
    }
}
