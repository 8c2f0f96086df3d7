namespace Embeddings;

/// <summary>A part of a text that has a vector of its own.</summary>
/// <param name="File">The path of the file, within the folder.</param>
/// <param name="Line">The number of its first line, from 1 on.</param>
/// <param name="Text">Its text, with single spaces.</param>
internal sealed record Passage(string File, int Line, string Text);
