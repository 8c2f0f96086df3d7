using System.Buffers;
using ModelDsl.Compiled;

namespace ModelDsl.Devices;

/// <summary>Adds noise to gradients on devices that cannot do so themselves: all gradients are copied from the device and back.</summary>
internal static class HostNoise
{
    /// <summary>Adds the noise.</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="noise">The noise, by the positions of gradients in the buffer.</param>
    /// <param name="segments">The segments whose gradients get noise.</param>
    /// <param name="pads">The ranges of the buffer that must stay 0.</param>
    public static unsafe void Add(DeviceBuffer gradients, in NormalNoise noise, IReadOnlyList<UpdateSegment> segments, (int Start, int Length)[] pads)
    {
        var rented = ArrayPool<float>.Shared.Rent(gradients.Length);
        var values = rented.AsSpan(0, gradients.Length);
        gradients.Read(0, values);
        fixed (float* pointer = values)
        {
            for (var i = 0; i < segments.Count; i++)
                noise.Add<Vector16In128>(pointer, segments[i].Start, segments[i].Start + segments[i].Length);
        }

        foreach (var (start, length) in pads)
            values.Slice(start, length).Clear();
        gradients.Write(0, values);
        ArrayPool<float>.Shared.Return(rented);
    }
}
