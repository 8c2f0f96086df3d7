using ModelDsl.Benchmarks.Gpu.Predictions;

namespace ModelDsl.Ilgpu.Tests.Predictions;

/// <summary>The kinds of instructions.</summary>
public sealed class InstructionKindsTests
{
    [Theory]
    [InlineData("ld.param.b32 %r1, [n];", nameof(InstructionKind.Move))]
    [InlineData("ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd1];", nameof(InstructionKind.GlobalLoad))]
    [InlineData("st.global.f32 [%rd1], %f1;", nameof(InstructionKind.GlobalStore))]
    [InlineData("st.shared.f32 [%rd1], %f1;", nameof(InstructionKind.Shared))]
    [InlineData("rem.s32 %r1, %r2, 7;", nameof(InstructionKind.Remainder))]
    [InlineData("div.s32 %r1, %r2, 7;", nameof(InstructionKind.Remainder))]
    [InlineData("div.rn.f32 %f1, %f2, %f3;", nameof(InstructionKind.Function))]
    [InlineData("fma.rn.f32 %f1, %f2, %f3, %f1;", nameof(InstructionKind.FusedMultiplyAdd))]
    [InlineData("mul.f32 %f1, %f2, %f3;", nameof(InstructionKind.Float))]
    [InlineData("mul.wide.u32 %rd1, %r1, 4;", nameof(InstructionKind.Integer))]
    [InlineData("selp.b32 %r1, %r2, %r3, %p1;", nameof(InstructionKind.Comparison))]
    [InlineData("bar.sync 0;", nameof(InstructionKind.Control))]
    [InlineData("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%f1, %f2, %f3, %f4}, {%r1, %r2, %r3, %r4}, {%r5, %r6}, {%f1, %f2, %f3, %f4};", nameof(InstructionKind.MatrixProduct))]
    public void Kind_of_an_instruction(string instruction, string expected) => Assert.Equal(expected, Of(instruction)[0].ToString());

    [Fact]
    public void A_product_and_the_sum_that_reads_it_are_one_instruction() =>
        Assert.Equal([InstructionKind.Contracted, InstructionKind.FusedMultiplyAdd], Of("mul.f32 %f1, %f2, %f3; add.f32 %f4, %f4, %f1;"));

    [Theory]
    [InlineData("mul.f32 %f1, %f2, %f3; add.f32 %f4, %f4, %f1; add.f32 %f5, %f1, %f4;")]
    [InlineData("mul.f32 %f1, %f2, %f3; st.global.f32 [%rd1], %f1; add.f32 %f4, %f4, %f1;")]
    [InlineData("mul.f32 %f1, %f2, %f3; next: add.f32 %f4, %f4, %f1;")]
    [InlineData("mul.f32 %f1, %f2, %f3; mov.f32 %f1, %f5; add.f32 %f4, %f4, %f1;")]
    [InlineData("mul.f32 %f1, %f2, %f3; add.f32 %f4, %f1, %f1;")]
    public void A_product_that_something_else_reads_or_that_another_block_computes_is_not(string text) =>
        Assert.DoesNotContain(InstructionKind.Contracted, Of(text));

    [Fact]
    public void Of_two_products_the_sum_takes_one() =>
        Assert.Equal([InstructionKind.Contracted, InstructionKind.Float, InstructionKind.FusedMultiplyAdd], Of("mul.f32 %f1, %f2, %f3; mul.f32 %f4, %f2, %f3; add.f32 %f5, %f1, %f4;"));

    private static IReadOnlyList<InstructionKind> Of(string text) => KernelCode.Of(Texts.Of(text)).Kinds;
}
