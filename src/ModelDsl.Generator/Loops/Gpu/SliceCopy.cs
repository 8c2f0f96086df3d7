using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// The way of an operand into shared memory, slice by slice: a slice is loaded into registers, and stored when the threads have multiplied the one
/// before it, so that the loads run meanwhile. Shared memory has room for two slices; zeros stand behind every edge.
/// </summary>
/// <remarks>
/// Where four elements that belong together lie side by side in memory, one load takes them: along the side, the rows or columns of the block, or along
/// the terms of the sum, and then they are turned on their way. What cannot be seen to lie so is loaded element by element.
/// </remarks>
internal sealed class SliceCopy
{
    private const int Quad = ContractTile.Quad;

    private readonly ContractShape shape;
    private readonly KernelBuilder kernel;
    private readonly ElementAccess access;
    private readonly Flattening side;
    private readonly Index first;
    private readonly int block;
    private readonly string outer;
    private readonly Index from;
    private readonly Index to;
    private readonly string shared;
    private readonly string singles;
    private readonly string bits;
    private readonly string quads;
    private readonly Direction direction;
    private readonly List<(string Term, string Side)> places = [];

    /// <param name="shape">The product.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="access">The operand.</param>
    /// <param name="side">Its side: the rows or the columns.</param>
    /// <param name="first">Where the block begins on that side.</param>
    /// <param name="block">The block's length there.</param>
    /// <param name="terms">The terms of the sum, and what its index outside of the product is called.</param>
    /// <param name="shared">What its part of shared memory is called.</param>
    public SliceCopy(
        ContractShape shape, KernelBuilder kernel, ElementAccess access, Flattening side, Index first, int block, ContractTerms terms, string shared)
    {
        (this.shape, this.kernel, this.access, this.side, this.first, this.block) = (shape, kernel, access, side, first, block);
        (from, to, outer) = (terms.From, terms.To, terms.Outer);
        this.shared = kernel.Names.Unique(shared);
        direction = IsInQuads(side, "side", "term") ? Direction.Side : IsInQuads(shape.Summed, "side", "term") ? Direction.Terms : Direction.Single;
        singles = direction == Direction.Terms ? kernel.Names.Unique(shared + "Singles") : "";
        bits = shape.Tile.IsTf32 ? kernel.Names.Unique(shared + "Bits") : "";
        quads = direction == Direction.Single ? "" : kernel.Names.Unique(access.Storage.Name + "Quads");
    }

    /// <summary>What four neighbours are taken along.</summary>
    private enum Direction
    {
        Single,
        Side,
        Terms,
    }

    /// <summary>Quads from one term to the next in shared memory.</summary>
    private int Pitch => shape.Tile.Pitch(block, direction == Direction.Terms);

    private int Slice => shape.Tile.Slice;

    /// <summary>Makes room, and finds the places of the thread in a slice.</summary>
    public void Declare(List<Statement> statements)
    {
        statements.Add(new SharedMemory(shared, 2 * Slice * Pitch, IsQuads: true));
        if (singles.Length > 0) statements.Add(new SameMemory(singles, shared, MemoryUnit.Float));
        if (quads.Length > 0) statements.Add(new SameMemory(quads, kernel.Read(access.Storage), MemoryUnit.Quad));
        for (var copy = 0; copy < Slice * block / Quad; copy += shape.Tile.Threads)
        {
            var number = (Index)ThreadGroups.Thread + copy;
            var (term, at) = (kernel.Names.Unique("term"), kernel.Names.Unique("side"));
            places.Add((term, at));

            // Neighbouring threads take neighbours in memory: terms where the sum runs along memory, and the side otherwise.
            var (terms, sides) = direction == Direction.Terms ? (Slice / Quad, block) : (Slice, block / Quad);
            var isAlongTerms = direction == Direction.Terms || (direction == Direction.Single && IsAlong(shape.Summed) && !IsAlong(side));
            statements.Add(new DeclareIndex(term, isAlongTerms ? number % terms : number / sides));
            statements.Add(new DeclareIndex(at, isAlongTerms ? number / terms : number % sides));
        }
    }

    /// <summary>Loads a slice into registers, and hands back how it is stored.</summary>
    /// <param name="statements">Where.</param>
    /// <param name="slice">The number of the slice.</param>
    /// <param name="exists">What holds if there is such a slice; null where that is certain.</param>
    public Action<List<Statement>, Index> Load(List<Statement> statements, Index slice, Condition? exists)
    {
        var stores = places.Select(place => Load(statements, slice, exists, place.Term, place.Side)).ToArray();
        return (target, half) =>
        {
            foreach (var store in stores) store(target, half);
        };
    }

    /// <summary>A quad of the block in shared memory.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="half">Which of the two slices.</param>
    /// <param name="term">The term.</param>
    /// <param name="quad">The number of the quad on its side.</param>
    public LoadQuad Read(string name, Index half, Index term, Index quad) => new(name, shared, (half * (Slice * Pitch)) + quad + (term * Pitch));

    /// <summary>Gives the bits of shared memory a name.</summary>
    public void DeclareBits(List<Statement> statements) => statements.Add(new SameMemory(bits, shared, MemoryUnit.Bits));

    /// <summary>The bits of one number of the block in shared memory.</summary>
    /// <param name="name">Their name.</param>
    /// <param name="half">Which of the two slices.</param>
    /// <param name="term">The term.</param>
    /// <param name="place">The place on its side.</param>
    public LoadIndex ReadBits(string name, Index half, Index term, Index place) => new(name, bits, (half * (Slice * Pitch * Quad)) + (term * (Pitch * Quad)) + place);

    private Action<List<Statement>, Index> Load(List<Statement> statements, Index slice, Condition? exists, string term, string at)
    {
        if (direction == Direction.Single)
        {
            var values = Enumerable.Range(0, Quad).Select(lane =>
            {
                var (indices, conditions) = Find(slice, exists, term, ((Index)at * Quad) + lane);
                Value value = new LoadScalar(kernel.Read(access.Storage), access.At(indices), access.Storage.Type);
                var name = kernel.Names.Unique("element");
                statements.Add(new Declare(name, conditions.Count == 0 ? value : new Guarded(conditions, value)));
                return Stored(new Variable(name, false));
            }).ToArray();
            return (target, half) => target.Add(new StoreQuad(shared, (((half * Slice) + term) * Pitch) + at, values));
        }

        var isTurned = direction == Direction.Terms;
        var (position, guards) = Find(slice, exists, isTurned ? (Index)term * Quad : term, isTurned ? at : (Index)at * Quad);
        var quad = kernel.Names.Unique("quad");
        statements.Add(new LoadQuad(quad, quads, access.At(position).DividedBy(Quad)!) { Conditions = guards });
        var lanes = Enumerable.Range(0, Quad).Select(lane => Stored(new QuadLane(quad, lane))).ToArray();
        if (!isTurned) return (target, half) => target.Add(new StoreQuad(shared, (((half * Slice) + term) * Pitch) + at, lanes));
        return (target, half) =>
        {
            var row = (half * Slice) + ((Index)term * Quad);
            target.AddRange(lanes.Select((value, lane) => new StoreScalar(singles, ((row + lane) * (Pitch * Quad)) + at, value)));
        };
    }

    /// <summary>The indices of an element, and what must hold for it to exist.</summary>
    private (Index[] Indices, List<Condition> Conditions) Find(Index slice, Condition? exists, Index term, Index place)
    {
        var (number, at) = (from + (slice * Slice) + term, first + place);
        var indices = Enumerable.Repeat((Index)0, shape.Roles.Domain.Rank).ToArray();
        shape.Outer.Decode(outer, indices);
        shape.Summed.Decode(number, indices);
        side.Decode(at, indices);
        shape.Roles.Nest.Follow(indices);
        var conditions = new List<Condition>(shape.Roles.Nest.Exist(indices));
        if (from.Literal is null || to.Literal is not { } terms || terms % Slice != 0) conditions.Add(Condition.Less(number, to));
        else if (exists is not null) conditions.Add(exists);
        if (side.Size.Literal is not { } sides || sides % block != 0) conditions.Add(Condition.Less(at, side.Size));
        return (indices, conditions);
    }

    /// <summary>A number as it stands in shared memory.</summary>
    private Value Stored(Value value) => shape.Tile.IsTf32 ? new RoundedToTf32(value) : value;

    private bool IsAlong(Flattening along) => along.Innermost >= 0 && access.IsAlong(along.Innermost);

    /// <summary>
    /// Whether four neighbours along some axes lie side by side, aligned, and exist all four or not at all. That is seen from the position itself: it is a
    /// multiple of four for every group, thread and slice.
    /// </summary>
    private bool IsInQuads(Flattening along, string at, string term)
    {
        var inner = along.Innermost;
        if (access.Storage.Type != Graph.ElementType.Float || !IsAlong(along) || along.InnermostSize.DividedBy(Quad) is null || shape.Roles.Nest.IsInWindow(inner)) return false;
        var isSide = ReferenceEquals(along, side);
        var (indices, _) = Find("slice", null, isSide ? term : (Index)term * Quad, isSide ? (Index)at * Quad : at);
        return access.At(indices).DividedBy(Quad) is not null;
    }
}
