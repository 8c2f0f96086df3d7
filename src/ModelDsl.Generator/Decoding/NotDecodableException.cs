using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Decoding;

/// <summary>An operation that cannot be computed position by position.</summary>
/// <param name="node">The operation.</param>
/// <param name="reason">A verb phrase: <c>reads later positions</c>.</param>
internal sealed class NotDecodableException(Node node, string reason) : InvalidOperationException($"'{node.Name}' {reason}")
{
    /// <summary>The operation.</summary>
    public Node Node { get; } = node;

    /// <summary>The reason, as a verb phrase.</summary>
    public string Reason { get; } = reason;
}
