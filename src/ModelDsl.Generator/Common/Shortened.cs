using System.Globalization;
using System.Text;

namespace ModelDsl.Generator.Common;

/// <summary>Shortens names to the limits of file systems and metadata.</summary>
internal static class Shortened
{
    /// <summary>Returns the name; if it has more bytes in UTF-8 than the limit, its beginning followed by a hash of the whole name.</summary>
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
