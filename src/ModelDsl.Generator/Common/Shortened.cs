using System.Globalization;
using System.Text;

namespace ModelDsl.Generator.Common;

/// <summary>Long names within the limits of file systems and metadata.</summary>
internal static class Shortened
{
    /// <summary>The name; where it has more bytes in UTF-8 than the limit, its beginning with a hash of the whole behind it.</summary>
    public static string To(int bytes, string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= bytes) return name;
        var hash = 2166136261u;
        foreach (var symbol in name) hash = unchecked((hash ^ symbol) * 16777619u);
        var (length, used) = (0, 0);
        while (used + Encoding.UTF8.GetByteCount(name.Substring(length, 1)) <= bytes - 9) used += Encoding.UTF8.GetByteCount(name.Substring(length++, 1));
        return $"{name.Substring(0, length)}_{hash.ToString("x8", CultureInfo.InvariantCulture)}";
    }
}
