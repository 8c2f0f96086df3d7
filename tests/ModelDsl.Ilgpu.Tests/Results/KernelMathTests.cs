using ModelDsl.Compiled;
using ModelDsl.Ilgpu.Compiled;

namespace ModelDsl.Ilgpu.Tests.Results;

/// <summary>The functions of kernels, which are plain arithmetic, against the platform's in double precision.</summary>
public class KernelMathTests
{
    [Fact]
    public void Random_numbers_are_those_of_the_cpu()
    {
        for (var element = 0u; element < 70; element++)
        {
            Assert.Equal(
                DropoutRandom.Uniform(0x1234_5678_9ABC_DEFu, 17, 3, 1000 + element, element),
                KernelMath.Uniform(0x1234_5678_9ABC_DEFu, 17, 3, 1000 + element, element));
        }
    }

    [Fact]
    public void Elementary_functions_are_good_to_a_few_units_in_the_last_place()
    {
        for (var x = -20f; x <= 20f; x += 0.0371f)
        {
            Close(Math.Exp(x), KernelMath.Exp(x));
            Close(Math.Log(Math.Abs(x)), KernelMath.Log(Math.Abs(x)));
            Close(Math.Tanh(x), KernelMath.Tanh(x));
            Close(1 / (1 + Math.Exp(-x)), KernelMath.Sigmoid(x));
            Close(Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))), KernelMath.Softplus(x));
            Close(Math.Sin(x), KernelMath.Sin(x));
            Close(Math.Cos(x), KernelMath.Cos(x));
            Close(Math.Pow(Math.Abs(x), 1.3), KernelMath.Power(Math.Abs(x), 1.3f), 2e-6);
            Assert.Equal(MathF.Round(x), KernelMath.Round(x));
        }
    }

    [Fact]
    public void Special_values_are_as_everywhere()
    {
        Assert.Equal(float.NaN, KernelMath.Maximum(float.NaN, 1f));
        Assert.Equal(float.NaN, KernelMath.Maximum(1f, float.NaN));
        Assert.Equal(float.NaN, KernelMath.Minimum(1f, float.NaN));
        Assert.Equal(float.NaN, KernelMath.Exp(float.NaN));
        Assert.Equal(0f, KernelMath.Exp(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, KernelMath.Exp(200f));
        Assert.Equal(float.NegativeInfinity, KernelMath.Log(0f));
        Assert.Equal(float.NaN, KernelMath.Log(-1f));
        Assert.Equal(1f, KernelMath.Erf(float.PositiveInfinity), 1e-6f);
        Assert.Equal(-8f, KernelMath.Power(-2f, 3f), 1e-5f);
        Assert.Equal(2f, KernelMath.Round(2.5f));
        Assert.Equal(float.NaN, KernelMath.Sign(float.NaN));
    }

    private static void Close(double expected, float actual, double relative = 5e-7) =>
        Assert.True(Math.Abs(expected - actual) <= (relative * Math.Abs(expected)) + 2e-7, $"{expected} is not {actual}.");
}
