using System.Buffers.Binary;
using ModelDsl.Files;

namespace ModelDsl;

/// <summary>Encodes texts into a file of ids.</summary>
internal static class TokenFileWriter
{
    private const int BufferedIds = 1 << 14;

    /// <summary>Writes a file.</summary>
    /// <returns>The number of ids.</returns>
    public static long Write(string path, ITokenizer tokenizer, IEnumerable<string> texts, int? separator)
    {
        var count = 0L;
        OutputFile.Write(path, stream =>
        {
            var (vocabulary, index) = (tokenizer.VocabularySize, 0L);
            TokenFileLayout.WriteHeader(stream, vocabulary);
            var buffer = new byte[BufferedIds * TokenFileLayout.WidthOf(vocabulary)];
            foreach (var text in texts)
            {
                if (text is null)
                    throw new ArgumentException($"Text {index} is null.", nameof(texts));
                var ids = tokenizer.Encode(text);
                Check(tokenizer, ids, vocabulary, text);
                Write(stream, ids, buffer, vocabulary);
                count += ids.Length;
                index++;
                if (separator is not { } id)
                    continue;
                Write(stream, [id], buffer, vocabulary);
                count++;
            }

            if (count == 0)
                throw new ArgumentException($"There is no token in the texts ({index} of them).", nameof(texts));
            TokenFileLayout.WriteEnd(stream, count);
        });
        return count;
    }

    private static void Check(ITokenizer tokenizer, ReadOnlySpan<int> ids, int vocabulary, string text)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)vocabulary)
                throw TextInput.OutOfRange(tokenizer, i, ids[i], text);
        }
    }

    private static void Write(Stream stream, ReadOnlySpan<int> ids, Span<byte> buffer, int vocabulary)
    {
        var width = TokenFileLayout.WidthOf(vocabulary);
        while (ids.Length > 0)
        {
            var part = ids[..Math.Min(ids.Length, BufferedIds)];
            for (var i = 0; i < part.Length; i++)
            {
                if (width == sizeof(ushort))
                    BinaryPrimitives.WriteUInt16LittleEndian(buffer[(i * width)..], (ushort)part[i]);
                else
                    BinaryPrimitives.WriteInt32LittleEndian(buffer[(i * width)..], part[i]);
            }

            stream.Write(buffer[..(part.Length * width)]);
            ids = ids[part.Length..];
        }
    }
}
