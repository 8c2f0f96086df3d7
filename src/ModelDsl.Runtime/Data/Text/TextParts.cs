using System.Text;
using ModelDsl.Files;

namespace ModelDsl;

/// <summary>Reads large files in parts.</summary>
internal static class TextParts
{
    /// <summary>The length from which on a part ends at the next suitable line end.</summary>
    public const int Length = 1 << 20;

    private const int Buffer = 1 << 16;

    /// <summary>Reads files in parts.</summary>
    /// <param name="paths">The paths of the files.</param>
    /// <param name="length">The minimum length of a part that is not the last of its file.</param>
    public static IEnumerable<string> Read(IEnumerable<string> paths, int length)
    {
        foreach (var path in paths)
        {
            using var reader = new StreamReader(InputFile.Open(path));
            var (text, buffer) = (new StringBuilder(length + Buffer), new char[Buffer]);
            var lineEnd = false;
            while (reader.Read(buffer, 0, Buffer) is > 0 and var read)
            {
                for (var i = 0; i < read; i++)
                {
                    var next = buffer[i];
                    if (text.Length >= length && lineEnd && !char.IsWhiteSpace(next))
                    {
                        yield return text.ToString();
                        text.Clear();
                    }

                    // The carriage return of a Windows line end is part of the line end.
                    if (next == '\n' && text.Length > 0 && text[^1] == '\r')
                        text.Length--;
                    lineEnd = next == '\n' && text.Length > 0 && !char.IsWhiteSpace(text[^1]);
                    text.Append(next);
                }
            }

            if (text.Length > 0)
                yield return text.ToString();
        }
    }
}
