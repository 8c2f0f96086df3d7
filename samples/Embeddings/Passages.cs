using System.Text.RegularExpressions;

namespace Embeddings;

/// <summary>Divides texts into passages: whole sentences, as many as the model reads. A heading of Markdown begins a new passage.</summary>
/// <param name="count">Returns the number of tokens of a text.</param>
internal sealed partial class Passages(Func<string, int> count)
{
    private static readonly string[] Extensions = [".txt", ".md"];

    /// <summary>Returns the passages of all texts of a folder and the folders in it.</summary>
    /// <exception cref="InvalidDataException">There is no text.</exception>
    public IReadOnlyList<Passage> Read(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        string[] files = [.. Directory.EnumerateFiles(folder, "*", options).Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        Passage[] passages = [.. files.SelectMany(file => Divide(Path.GetRelativePath(folder, file), File.ReadLines(file)))];
        return passages.Length > 0 ? passages : throw new InvalidDataException($"{folder}: has no text; files that end with {string.Join(" or ", Extensions)} are expected.");
    }

    /// <summary>Returns the passages of a text.</summary>
    public IEnumerable<Passage> Divide(string file, IEnumerable<string> lines)
    {
        var (passage, tokens) = (new Passage(file, 0, ""), 0);
        foreach (var (line, sentence) in Sentences(lines))
        {
            var length = count(sentence);
            if (passage.Text.Length > 0 && (tokens + length > Embeddings.Sentences.MostTokens || IsHeading(sentence)))
            {
                yield return passage;
                (passage, tokens) = (passage with { Text = "" }, 0);
            }

            passage = passage.Text.Length > 0 ? passage with { Text = $"{passage.Text} {sentence}" } : passage with { Line = line, Text = sentence };
            tokens += length;
        }

        if (passage.Text.Length > 0)
            yield return passage;
    }

    /// <summary>Divides paragraphs, which have empty lines between them, into sentences.</summary>
    private IEnumerable<(int Line, string Text)> Sentences(IEnumerable<string> lines)
    {
        var (paragraph, start, number) = ("", 0, 0);
        foreach (var line in lines.Append(""))
        {
            number++;
            var text = Spaces().Replace(line, " ").Trim();
            if (text.Length > 0 && !IsHeading(text) && !IsHeading(paragraph))
            {
                (paragraph, start) = paragraph.Length > 0 ? ($"{paragraph} {text}", start) : (text, number);
                continue;
            }

            foreach (var sentence in Ends().Split(paragraph).Where(sentence => sentence.Length > 0).SelectMany(Fitting))
                yield return (start, sentence);
            (paragraph, start) = (text, number);
        }
    }

    /// <summary>Divides a text that has more tokens than the model reads, such as a table, between two words.</summary>
    private IEnumerable<string> Fitting(string text)
    {
        var middle = text.IndexOf(' ', text.Length / 2);
        if (middle < 0)
            middle = text.LastIndexOf(' ');
        return middle > 0 && count(text) > Embeddings.Sentences.MostTokens ? Fitting(text[..middle]).Concat(Fitting(text[(middle + 1)..])) : [text];
    }

    private static bool IsHeading(string text) => Heading().IsMatch(text);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<=[.!?:])\s")]
    private static partial Regex Ends();

    [GeneratedRegex(@"^#{1,6}\s")]
    private static partial Regex Heading();
}
