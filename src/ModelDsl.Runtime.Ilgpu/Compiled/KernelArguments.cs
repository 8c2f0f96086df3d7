using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiled;

/// <summary>A structure of views that are one argument of a kernel.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IKernelViews
{
    /// <summary>Passes the views in the order of the fields.</summary>
    /// <param name="arguments">The arguments of the launch.</param>
    void AddTo(KernelArguments arguments);
}

/// <summary>The arguments of a launch as the bytes that a kernel reads. They are used again for each launch.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class KernelArguments
{
    /// <summary>The size of the arguments that a kernel of CUDA may have.</summary>
    private const int MostBytes = 4096;

    private readonly byte[] bytes = GC.AllocateArray<byte>(MostBytes, pinned: true);
    private readonly nint[] buffers = new nint[MostBytes / KernelLayout.ViewBytes];
    private readonly bool hasSeparateBuffers;
    private KernelLayout layout = KernelLayout.Of();
    private int next;
    private int position;
    private int views;

    /// <param name="hasSeparateBuffers">Whether buffers are arguments of their own, as in OpenCL. A view then begins with the index of its first element, otherwise with its address.</param>
    internal KernelArguments(bool hasSeparateBuffers) => this.hasSeparateBuffers = hasSeparateBuffers;

    /// <summary>Passes a view.</summary>
    /// <typeparam name="T">The type of its elements.</typeparam>
    /// <param name="view">The view.</param>
    /// <exception cref="NotSupportedException">It begins at an element whose index kernels cannot represent.</exception>
    public void View<T>(ArrayView<T> view)
        where T : unmanaged
    {
        var (buffer, index) = BufferAndIndex(ref view);

        // A kernel in OpenCL C reads the lower half of the number only.
        if (hasSeparateBuffers && index > int.MaxValue)
            throw new NotSupportedException($"A view begins at element {index} of a buffer, and OpenCL kernels reach {int.MaxValue} at most. Use a smaller batch, or a device of CUDA.");
        buffers[views++] = buffer;
        Write(hasSeparateBuffers ? index : buffer + (index * Unsafe.SizeOf<T>()));
        Write(view.Length);
    }

    internal KernelLayout Layout => layout;

    /// <summary>The bytes of the arguments.</summary>
    internal ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, layout.Bytes);

    /// <summary>The address of the bytes, which does not change.</summary>
    internal nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);

    /// <summary>The buffers of all views, in order.</summary>
    internal ReadOnlySpan<nint> Buffers => buffers.AsSpan(0, views);

    internal KernelArguments Begin(KernelLayout of)
    {
        layout = of;
        (next, position, views) = (0, 0, 0);
        return this;
    }

    /// <summary>Passes an argument of a type that is known when the program is compiled.</summary>
    internal KernelArguments Add<T>(T value)
        where T : struct
    {
        position = layout.Arguments[next++].Offset;
        if (typeof(T) == typeof(ArrayView<float>))
            View(Unsafe.As<T, ArrayView<float>>(ref value));
        else if (typeof(T) == typeof(ArrayView<int>))
            View(Unsafe.As<T, ArrayView<int>>(ref value));
        else if (typeof(T) == typeof(ArrayView<byte>))
            View(Unsafe.As<T, ArrayView<byte>>(ref value));
        else if (value is IKernelViews structure)
            structure.AddTo(this);
        else
            Write(value);
        return this;
    }

    private void Write<T>(T value)
        where T : struct
    {
        MemoryMarshal.Write(bytes.AsSpan(position), in value);
        position += Unsafe.SizeOf<T>();
    }

    /// <summary>The buffer of a view, and the index of its first element. The properties are those of an interface, and this way they are read without a copy on the heap.</summary>
    private static (nint Buffer, long Index) BufferAndIndex<TView>(ref TView view)
        where TView : struct, IContiguousArrayView => view.Buffer is { } buffer ? (buffer.NativePtr, view.Index) : (0, 0);
}
