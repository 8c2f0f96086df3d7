using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// Converts initializers to a distribution with a center and a scale. The defaults are those of Keras: Glorot uniform for dense weights,
/// ±0.05 for embeddings, zeros for biases, ones for scales.
/// </summary>
internal static class Initializers
{
    public static readonly Initializer Zeros = new("Constant", 0, 0);
    public static readonly Initializer Ones = new("Constant", 1, 0);

    // The scale of "uniform" and "normal" in Keras.
    private const double Small = 0.05;

    /// <summary>
    /// Returns the initializer of an argument; null after reporting an invalid scale, or fans that do not exist. For a parameter without fans (a bias), both are 0.
    /// </summary>
    public static Initializer? Of(LayerScope scope, string argument, string otherwise, int fanIn, int fanOut, bool scaled = true)
    {
        var scale = scaled ? scope.Call.Number("initScale", double.NaN) : double.NaN;
        if (!scope.Require(double.IsNaN(scale) || (scale > 0 && !double.IsInfinity(scale)), "initScale", "positive")) return null;
        var kind = scope.Call.Word(argument, otherwise);
        if (kind == "Default") kind = otherwise;
        var needsFans = kind.StartsWith("Glorot", StringComparison.Ordinal) || kind.StartsWith("He", StringComparison.Ordinal);
        if (!scope.Require(!needsFans || fanIn > 0, argument, "Zeros, Ones, Normal or Uniform: a bias has no fans")) return null;
        var gain = double.IsNaN(scale) ? 1 : scale;
        var width = double.IsNaN(scale) ? Small : scale;
        return kind switch
        {
            "Zeros" => Zeros,
            "Ones" => Ones,
            "GlorotUniform" => new("Uniform", 0, gain * Math.Sqrt(6.0 / (fanIn + fanOut))),
            "GlorotNormal" => new("Normal", 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut))),
            "HeUniform" => new("Uniform", 0, gain * Math.Sqrt(6.0 / fanIn)),
            "HeNormal" => new("Normal", 0, gain * Math.Sqrt(2.0 / fanIn)),
            "Normal" => new("Normal", 0, width),
            "Uniform" => new("Uniform", 0, width),
            _ => throw new InvalidOperationException($"No initialiser is called '{kind}'."),
        };
    }
}
