namespace LinearRegression;

/// <summary>The best line through points, by formula.</summary>
internal static class LeastSquares
{
    public static (double Slope, double Intercept) Fit(float[] x, float[] y)
    {
        double meanX = x.Average(), meanY = y.Average();
        var covariance = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        var variance = x.Sum(a => (a - meanX) * (a - meanX));
        var slope = covariance / variance;
        return (slope, meanY - (slope * meanX));
    }
}
