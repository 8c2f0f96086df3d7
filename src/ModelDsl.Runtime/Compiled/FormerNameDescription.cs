using System.ComponentModel;

namespace ModelDsl.Compiled;

/// <summary>A name that a layer, a block or a weight had before.</summary>
/// <param name="Former">The former name, with the names of the blocks around it.</param>
/// <param name="Now">The name that it has now.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record FormerNameDescription(string Former, string Now);
