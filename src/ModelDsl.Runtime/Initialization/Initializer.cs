using System.Buffers;
using ModelDsl.Compiled;

namespace ModelDsl.Initialization;

/// <summary>
/// Computes initial values. The value of each element depends only on the seed, the parameter's name and the element's logical index: it is the same on
/// every device and in every layout, and does not change when layers are added elsewhere.
/// </summary>
internal static class Initializer
{
    /// <summary>Makes these numbers differ from those of dropout masks, whose keys have a zero here.</summary>
    private const ulong Domain = 0x494E4954_00000000;

    /// <summary>The maximum number of draws of a truncated normal; each is rejected with probability 0.046.</summary>
    private const int Attempts = 16;

    /// <summary>Fills all parameters and states of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">The seed.</param>
    public static void Fill(Model model, uint seed)
    {
        foreach (var tensor in model.Tensors)
        {
            var values = ArrayPool<float>.Shared.Rent(tensor.Count);
            Fill(values.AsSpan(0, tensor.Count), tensor.Name, tensor.Description.Initializer, seed);
            tensor.WriteAll(values.AsSpan(0, tensor.Count));
            ArrayPool<float>.Shared.Return(values);
        }
    }

    /// <summary>Fills one parameter in logical order.</summary>
    /// <param name="values">The elements.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="initializer">The distribution.</param>
    /// <param name="seed">The seed.</param>
    public static void Fill(Span<float> values, string name, InitializerDescription initializer, uint seed)
    {
        var stream = new Stream(Domain | seed, Hash(name), initializer.Center, initializer.Scale);
        switch (initializer.Distribution)
        {
            case InitializerDistribution.Uniform:
                stream.Uniform(values);
                break;
            case InitializerDistribution.Normal:
                stream.Normal(values);
                break;
            case InitializerDistribution.TruncatedNormal:
                stream.TruncatedNormal(values);
                break;
            default:
                values.Fill((float)initializer.Center);
                break;
        }
    }

    /// <summary>FNV-1a, 64 bits: the same function of the name on every platform.</summary>
    private static ulong Hash(string name)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var character in name)
            hash = (hash ^ character) * 0x100000001B3;
        return hash;
    }

    /// <summary>The random numbers of one parameter.</summary>
    private readonly struct Stream(ulong key, ulong name, double center, double scale)
    {
        public void Uniform(Span<float> values)
        {
            for (var i = 0; i < values.Length; i += 4)
            {
                var (x0, x1, x2, x3) = Draw((uint)i / 4, 0);
                Set(values, i, center + (scale * Symmetric(x0)));
                Set(values, i + 1, center + (scale * Symmetric(x1)));
                Set(values, i + 2, center + (scale * Symmetric(x2)));
                Set(values, i + 3, center + (scale * Symmetric(x3)));
            }
        }

        public void Normal(Span<float> values)
        {
            for (var i = 0; i < values.Length; i += 4)
            {
                var (x0, x1, x2, x3) = Draw((uint)i / 4, 0);
                var (z0, z1) = BoxMuller(x0, x1);
                var (z2, z3) = BoxMuller(x2, x3);
                Set(values, i, center + (scale * z0));
                Set(values, i + 1, center + (scale * z1));
                Set(values, i + 2, center + (scale * z2));
                Set(values, i + 3, center + (scale * z3));
            }
        }

        public void TruncatedNormal(Span<float> values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var z = double.MaxValue;
                for (uint attempt = 0; Math.Abs(z) > 2 && attempt < Attempts; attempt++)
                {
                    var (x0, x1, _, _) = Draw((uint)i, attempt);
                    var (z0, z1) = BoxMuller(x0, x1);
                    z = Math.Abs(z0) <= 2 ? z0 : z1;
                }

                values[i] = (float)(center + (scale * Math.Clamp(z, -2, 2)));
            }
        }

        private static double Symmetric(uint word) => (word * (2.0 / 4294967296.0)) - 1;

        /// <summary>Two independent standard normal numbers from two words; the first word becomes a uniform number in (0, 1].</summary>
        private static (double Z0, double Z1) BoxMuller(uint x0, uint x1)
        {
            var radius = Math.Sqrt(-2 * Math.Log((x0 + 1.0) / 4294967296.0));
            var (sin, cos) = Math.SinCos(x1 * (2 * Math.PI / 4294967296.0));
            return (radius * cos, radius * sin);
        }

        private static void Set(Span<float> values, int index, double value)
        {
            if (index < values.Length)
                values[index] = (float)value;
        }

        private (uint X0, uint X1, uint X2, uint X3) Draw(uint block, uint attempt) =>
            Philox.Draw(key, block, attempt, (uint)name, (uint)(name >> 32));
    }
}
