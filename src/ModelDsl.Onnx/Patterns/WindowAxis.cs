using ModelDsl.Compiled;

namespace ModelDsl.Onnx.Patterns;

/// <summary>A window that slides along one axis: at position i its element k lies at <c>Stride·i + Dilation·k − Before</c>.</summary>
/// <param name="Size">The size of the axis.</param>
/// <param name="Positions">The number of positions.</param>
/// <param name="Kernel">The number of elements of the window.</param>
/// <param name="Stride">The distance between positions.</param>
/// <param name="Dilation">The distance between elements.</param>
/// <param name="Before">The padding before the start of the axis.</param>
/// <param name="Element">The axis of the domain with the elements of the window.</param>
internal sealed record WindowAxis(int Size, int Positions, int Kernel, int Stride, int Dilation, int Before, int Element)
{
    /// <summary>The distance from the first to the last element of the window, plus 1.</summary>
    private int Reach => (Dilation * (Kernel - 1)) + 1;

    /// <summary>The padding after the end of the axis; negative if the last elements are not read.</summary>
    public int After => ((Positions - 1) * Stride) + Reach - Before - Size;

    /// <summary>Whether the number of positions follows from the sizes, as operators compute it.</summary>
    public bool IsComplete => Before >= 0 && After > -Stride;

    /// <summary>Reads the windows along the axes after the first one.</summary>
    /// <param name="map">The coordinates.</param>
    /// <param name="shape">The shape of the tensor with these coordinates.</param>
    /// <param name="domain">The domain.</param>
    /// <returns>The windows; position i of the first axis is axis 1 of the domain. Null if the first axis is not that of the samples, or there are no windows.</returns>
    public static WindowAxis[]? Read(GraphCoordinate[]? map, int[] shape, int[] domain)
    {
        if (map is not [{ Offset: 0, Terms: [{ Axis: 0, Scale: 1 }] }, ..] || shape[0] >= 0)
            return null;
        var windows = map.Skip(1).TakeWhile(coordinate => coordinate.Terms.Length == 2).Select((coordinate, at) =>
        {
            var (position, element) = (coordinate.Terms[0], coordinate.Terms[1]);
            return position.Axis == at + 1 && position.Scale > 0 && element.Scale > 0
                ? new WindowAxis(shape[at + 1], domain[position.Axis], domain[element.Axis], position.Scale, element.Scale, -coordinate.Offset, element.Axis)
                : null;
        }).ToArray();
        WindowAxis[] found = [.. windows.OfType<WindowAxis>()];
        return windows.Length is 1 or 2 or 3 && found.Length == windows.Length ? found : null;
    }
}
