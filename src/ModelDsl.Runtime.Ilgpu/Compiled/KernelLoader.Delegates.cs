using ILGPU;
using ILGPU.Runtime;
using ModelDsl.Ilgpu.Kernels;

namespace ModelDsl.Ilgpu.Compiled;

// One method per number of arguments, because C# has no lists of type parameters. ILGPU launches kernels with at most fourteen arguments.
/// <content>The delegates that launch kernels.</content>
public sealed partial class KernelLoader
{
    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1> Load<T1>(Action<T1> kernel)
        where T1 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1));
        return (config, a1) =>
            found.Launch(config, arguments.Begin(layout).Add(a1));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2> Load<T1, T2>(Action<T1, T2> kernel)
        where T1 : struct where T2 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2));
        return (config, a1, a2) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3> Load<T1, T2, T3>(Action<T1, T2, T3> kernel)
        where T1 : struct where T2 : struct where T3 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3));
        return (config, a1, a2, a3) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4> Load<T1, T2, T3, T4>(Action<T1, T2, T3, T4> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4));
        return (config, a1, a2, a3, a4) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4, T5> Load<T1, T2, T3, T4, T5>(Action<T1, T2, T3, T4, T5> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5));
        return (config, a1, a2, a3, a4, a5) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4).Add(a5));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4, T5, T6> Load<T1, T2, T3, T4, T5, T6>(Action<T1, T2, T3, T4, T5, T6> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6));
        return (config, a1, a2, a3, a4, a5, a6) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4).Add(a5).Add(a6));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7> Load<T1, T2, T3, T4, T5, T6, T7>(Action<T1, T2, T3, T4, T5, T6, T7> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7));
        return (config, a1, a2, a3, a4, a5, a6, a7) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4).Add(a5).Add(a6).Add(a7));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8> Load<T1, T2, T3, T4, T5, T6, T7, T8>(Action<T1, T2, T3, T4, T5, T6, T7, T8> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8));
        return (config, a1, a2, a3, a4, a5, a6, a7, a8) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4).Add(a5).Add(a6).Add(a7).Add(a8));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9> Load<T1, T2, T3, T4, T5, T6, T7, T8, T9>(Action<T1, T2, T3, T4, T5, T6, T7, T8, T9> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8), typeof(T9));
        return (config, a1, a2, a3, a4, a5, a6, a7, a8, a9) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4).Add(a5).Add(a6).Add(a7).Add(a8).Add(a9));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> Load<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8), typeof(T9), typeof(T10));
        return (config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4).Add(a5).Add(a6).Add(a7).Add(a8).Add(a9).Add(a10));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> Load<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8), typeof(T9), typeof(T10), typeof(T11));
        return (config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4).Add(a5).Add(a6).Add(a7).Add(a8).Add(a9).Add(a10).Add(a11));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> Load<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8), typeof(T9), typeof(T10), typeof(T11), typeof(T12));
        return (config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4).Add(a5).Add(a6).Add(a7).Add(a8).Add(a9).Add(a10).Add(a11).Add(a12));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> Load<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct where T13 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8), typeof(T9), typeof(T10), typeof(T11), typeof(T12), typeof(T13));
        return (config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4).Add(a5).Add(a6).Add(a7).Add(a8).Add(a9).Add(a10).Add(a11).Add(a12).Add(a13));
    }

    /// <summary>Loads a kernel.</summary>
    /// <param name="kernel">The method that is launched.</param>
    /// <returns>The delegate that starts the kernel in the stream of the device.</returns>
    public Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> Load<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct where T13 : struct where T14 : struct
    {
        if (Find(kernel) is not { } found)
            return Compile(kernel, () => accelerator.LoadStreamKernel(kernel));
        var layout = KernelLayout.Of(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6), typeof(T7), typeof(T8), typeof(T9), typeof(T10), typeof(T11), typeof(T12), typeof(T13), typeof(T14));
        return (config, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14) =>
            found.Launch(config, arguments.Begin(layout).Add(a1).Add(a2).Add(a3).Add(a4).Add(a5).Add(a6).Add(a7).Add(a8).Add(a9).Add(a10).Add(a11).Add(a12).Add(a13).Add(a14));
    }
}
