namespace ModelDsl.Ilgpu.Tests.BuiltCode;

/// <summary>A program with a kernel that the generator would not write.</summary>
internal static class OwnProgram
{
    /// <summary>The text of the program. The class of its model is in line 2.</summary>
    /// <param name="body">The first statements of the kernel, which has the view a.</param>
    /// <param name="others">Other types.</param>
    /// <param name="name">The name of the kernel.</param>
    /// <param name="parameter">A second parameter of the kernel, of type int unless given.</param>
    public static string Source(string body, string others = "", string name = "Broken", string parameter = "int") => "\npublic sealed class Own;\n" + $$"""
        namespace Company
        {
            using ILGPU;
            using ModelDsl.Compiled;
            using ModelDsl.Ilgpu.Compiled;
            {{others}}
            internal sealed class OwnIlgpu : IlgpuProgram
            {
                public override PlanDescription Inference => PlanDescription.None;
                public override OutputOffsets[] Outputs => [];
                public override void Infer(in DeviceStep step, InferParts parts) => step.Kernels.Load<ArrayView<float>, {{parameter}}>({{name}})(new KernelConfig(1, 1), step.Fixed(0, 1), default);

                /// <summary>y[n] = broken(x[n])</summary>
                private static void {{name}}(ArrayView<float> a, {{parameter}} b)
                {
                    {{body}}
                    a[0] = 1f;
                }
            }
        }
        """;
}
