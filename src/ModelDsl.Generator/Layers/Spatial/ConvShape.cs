using ModelDsl.Generator.Graph;

namespace ModelDsl.Generator.Layers;

/// <summary>
/// The axes of a convolution: samples, positions, window elements, groups, channels and filters of a group. Groups, channels and filters whose number is
/// one have no axis, so that a depthwise convolution multiplies along its channels.
/// </summary>
internal sealed class ConvShape
{
    private readonly IReadOnlyList<Window> windows;
    private readonly int groups;
    private readonly int channels;
    private readonly int filters;
    private readonly bool hasChannel;
    private readonly bool hasFilter;

    public ConvShape(IReadOnlyList<Window> windows, int groups, int channels, int filters)
    {
        (this.windows, this.groups, this.channels, this.filters) = (windows, groups, channels, filters);
        hasChannel = groups == 1 || channels > 1;
        hasFilter = groups == 1 || filters > 1;
    }

    private int Dimensions => windows.Count;

    private int Group => 1 + (2 * Dimensions);

    private int Channel => Group + (groups > 1 ? 1 : 0);

    private int FilterAxis => Channel + (hasChannel ? 1 : 0);

    /// <summary>The index of a filter among all filters, as a coordinate over the contraction's result.</summary>
    public Coordinate Filter
    {
        get
        {
            var first = 1 + Dimensions;
            if (groups == 1 || !hasFilter) return Coordinate.Of(first);
            return new Coordinate([new Term(first, filters), new Term(first + 1, 1)]);
        }
    }

    /// <summary>Sums over the window and the channels of a group; in the result, groups come before their filters.</summary>
    public Node Contract(string name, Node input, Node weight)
    {
        var domain = new List<Extent> { Extent.Batch };
        domain.AddRange(windows.Select(window => (Extent)window.Positions));
        domain.AddRange(windows.Select(window => (Extent)window.Kernel));
        if (groups > 1) domain.Add(groups);
        if (hasChannel) domain.Add(channels);
        if (hasFilter) domain.Add(filters);

        var positions = Enumerable.Range(1, Dimensions).ToArray();
        var output = new List<int> { 0 };
        output.AddRange(positions);
        if (groups > 1) output.Add(Group);
        if (hasFilter) output.Add(FilterAxis);

        var read = new List<Coordinate> { Coordinate.Of(0) };
        read.AddRange(windows.Select((window, axis) => window.At(axis + 1, axis + 1 + Dimensions)));
        if (groups > 1) read.Add(Coordinate.Of(Group));
        if (hasChannel) read.Add(Coordinate.Of(Channel));
        if (groups > 1 && hasChannel)
        {
            input = GraphBuilder.Reshape(input.Name, Shape.Batch([.. windows.Select(window => window.Size), groups, channels]), input);
        }

        var weights = new List<Coordinate>
        {
            groups == 1 ? Coordinate.Of(FilterAxis) : hasFilter ? new([new Term(Group, filters), new Term(FilterAxis, 1)]) : Coordinate.Of(Group),
            hasChannel ? Coordinate.Of(Channel) : Coordinate.At(0),
        };
        weights.AddRange(positions.Select(axis => Coordinate.Of(axis + Dimensions)));
        return GraphBuilder.Contract(
            name,
            new Shape([.. output.Select(axis => domain[axis])]),
            new Shape([.. domain]),
            IndexMap.Project([.. output]),
            new Operand(input, new([.. read])),
            new Operand(weight, new([.. weights])));
    }
}
