using ModelDsl.Generator.Graph;
using ModelDsl.Generator.Memory;

namespace ModelDsl.Generator.Loops.Gpu;

/// <summary>
/// Copies an operand into shared memory, slice by slice. A slice is loaded into registers, and stored after the threads have multiplied the previous one, so that loads and
/// products overlap. Shared memory has space for two slices. Elements beyond an edge are zeros.
/// </summary>
/// <remarks>
/// If four elements of a quad are adjacent in memory, they are loaded at once: along the side (the rows or columns of the block), or along the terms of the sum, and then they
/// are transposed while they are copied. If adjacency cannot be proven, elements are loaded one by one.
/// </remarks>
internal sealed class SliceCopy
{
    private const int QuadSize = BlockTile.QuadSize;

    private readonly ContractShape shape;
    private readonly KernelBuilder kernel;
    private readonly Operand operand;
    private readonly ElementAccess access;
    private readonly Flattening summed;
    private readonly Flattening side;
    private readonly Index first;
    private readonly int block;
    private readonly IndexVariable outer;
    private readonly Index from;
    private readonly Index to;
    private readonly Buffer shared;
    private readonly Buffer singles;
    private readonly Buffer bits;
    private readonly Buffer quads;
    private readonly Direction direction;
    private readonly List<(IndexVariable Term, IndexVariable Side)> positions = [];

    /// <param name="shape">The product.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="operand">The operand.</param>
    /// <param name="access">Its elements.</param>
    /// <param name="side">The side of the operand: the rows or the columns.</param>
    /// <param name="first">The start of the block on that side.</param>
    /// <param name="block">The length of the block on that side.</param>
    /// <param name="terms">The terms of the sum, and the name of the outer index.</param>
    /// <param name="shared">The name of its part of shared memory.</param>
    public SliceCopy(
        ContractShape shape, KernelBuilder kernel, Operand operand, ElementAccess access, Flattening side, Index first, int block, ContractTerms terms, string shared)
    {
        (this.shape, this.kernel, this.operand, this.access, this.side, this.first, this.block) = (shape, kernel, operand, access, side, first, block);
        summed = new Flattening(shape.Roles.Domain, shape.Roles.Summed, [access], axis => shape.Roles.IterationDomain.IsInWindow(axis, operand.Map));
        (from, to, outer) = (terms.From, terms.To, terms.Outer);
        this.shared = new Buffer(kernel.Names.Unique(shared), BufferElement.Quad);
        direction = IsInQuads(side) ? Direction.Side : IsInQuads(summed) ? Direction.Terms : Direction.Single;
        singles = new Buffer(direction == Direction.Terms ? kernel.Names.Unique(shared + "Singles") : "singles");
        bits = new Buffer(shape.Tile.IsTf32 ? kernel.Names.Unique(shared + "Bits") : "bits", BufferElement.Bits);
        quads = new Buffer(direction == Direction.Single ? "quads" : kernel.Names.Unique(access.Storage.Name + "Quads"), BufferElement.Quad);
    }

    /// <summary>The direction in which four adjacent elements are loaded.</summary>
    private enum Direction
    {
        Single,
        Side,
        Terms,
    }

    /// <summary>The distance in quads between two terms in shared memory.</summary>
    private int Pitch => shape.Tile.Pitch(block, direction == Direction.Terms);

    private int Slice => shape.Tile.Slice;

    /// <summary>Allocates shared memory and computes the positions of the thread in a slice.</summary>
    public void Declare(List<Statement> statements)
    {
        statements.Add(new DeclareArray(shared, 2 * Slice * Pitch));
        if (direction == Direction.Terms) statements.Add(new DeclareView(singles, shared));
        if (direction != Direction.Single) statements.Add(new DeclareView(quads, kernel.Read(access.Storage)));
        for (var copy = 0; copy < Slice * block / QuadSize; copy += shape.Tile.Threads)
        {
            var number = ThreadGroups.Thread + copy;
            var (term, at) = (new IndexVariable(kernel.Names.Unique("term")), new IndexVariable(kernel.Names.Unique("side")));
            positions.Add((term, at));

            // Adjacent threads load adjacent memory: along the terms if the sum runs along memory, and otherwise along the side.
            var (terms, sides) = direction == Direction.Terms ? (Slice / QuadSize, block) : (Slice, block / QuadSize);
            var isAlongTerms = direction == Direction.Terms || (direction == Direction.Single && IsAlong(summed) && !IsAlong(side));
            statements.Add(new DeclareIndex(term, isAlongTerms ? number % terms : number / sides));
            statements.Add(new DeclareIndex(at, isAlongTerms ? number / terms : number % sides));
        }
    }

    /// <summary>Loads a slice into registers, and returns a function that writes the statements that store it.</summary>
    /// <param name="statements">The list to which the loads are added.</param>
    /// <param name="slice">The number of the slice.</param>
    /// <param name="exists">The condition for the slice to exist; null if it always exists.</param>
    public Action<List<Statement>, Index> Load(List<Statement> statements, Index slice, Condition? exists)
    {
        var stores = positions.Select(position => Load(statements, slice, exists, position.Term, position.Side)).ToArray();
        return (target, half) =>
        {
            foreach (var store in stores) store(target, half);
        };
    }

    /// <summary>The offset in quads of a half of shared memory.</summary>
    public Index StartOf(Index half) => half * (Slice * Pitch);

    /// <summary>Loads a quad of the block from shared memory.</summary>
    /// <param name="target">The quad to assign.</param>
    /// <param name="first">The offset of the thread's first quad of the first term.</param>
    /// <param name="term">The term.</param>
    /// <param name="quad">The distance of the quad from the first.</param>
    public LoadQuad Read(Quad target, Index first, int term, Index quad) => new(target, shared, first + quad + (term * Pitch));

    /// <summary>Declares a view of the bits of shared memory.</summary>
    public void DeclareBits(List<Statement> statements) => statements.Add(new DeclareView(bits, shared));

    /// <summary>Loads the bits of one number of the block from shared memory.</summary>
    /// <param name="target">The variable to assign.</param>
    /// <param name="half">The half of shared memory that contains the slice.</param>
    /// <param name="term">The term.</param>
    /// <param name="position">The position on its side.</param>
    public LoadIndex ReadBits(IndexVariable target, Index half, Index term, Index position) => new(target, bits, (half * (Slice * Pitch * QuadSize)) + (term * (Pitch * QuadSize)) + position);

    private Action<List<Statement>, Index> Load(List<Statement> statements, Index slice, Condition? exists, IndexVariable term, IndexVariable at)
    {
        if (direction == Direction.Single)
        {
            var values = Enumerable.Range(0, QuadSize).Select(lane =>
            {
                var (indices, conditions) = Find(slice, exists, term, (at * QuadSize) + lane);
                Value value = new LoadScalar(kernel.Read(access.Storage), access.At(indices));
                var element = new Variable(kernel.Names.Unique("element"), false);
                statements.Add(new Declare(element, conditions.Count == 0 ? value : new Guarded(conditions, value)));
                return Stored(element);
            }).ToArray();
            return (target, half) => target.Add(new StoreQuad(shared, (((half * Slice) + term) * Pitch) + at, values));
        }

        var isTransposed = direction == Direction.Terms;
        var (position, guards) = Find(slice, exists, isTransposed ? term * QuadSize : term, isTransposed ? at : at * QuadSize);
        var quad = new Quad(kernel.Names.Unique("quad"));
        statements.Add(new LoadQuad(quad, quads, access.At(position).DividedBy(QuadSize)!) { Conditions = guards });
        var lanes = Enumerable.Range(0, QuadSize).Select(lane => Stored(new QuadLane(quad, lane))).ToArray();
        if (!isTransposed) return (target, half) => target.Add(new StoreQuad(shared, (((half * Slice) + term) * Pitch) + at, lanes));
        return (target, half) =>
        {
            var row = (half * Slice) + (term * QuadSize);
            target.AddRange(lanes.Select((value, lane) => new StoreScalar(singles, ((row + lane) * (Pitch * QuadSize)) + at, value)));
        };
    }

    /// <summary>The indices of an element, and the conditions for it to exist.</summary>
    private (Index[] Indices, List<Condition> Conditions) Find(Index slice, Condition? exists, Index term, Index position)
    {
        var (number, at) = (from + (slice * Slice) + term, first + position);
        var indices = Enumerable.Repeat((Index)0, shape.Roles.Domain.Rank).ToArray();
        shape.Outer.Decode(outer, indices);
        summed.Decode(number, indices);
        side.Decode(at, indices);
        shape.Roles.IterationDomain.SetDependent(indices);
        var conditions = new List<Condition>(shape.Roles.IterationDomain.Exist(indices, operand.Map));
        if (from.Literal is null || to.Literal is not { } terms || terms % Slice != 0) conditions.Add(Condition.Less(number, to));
        else if (exists is not null) conditions.Add(exists);
        if (side.Size.Literal is not { } sides || sides % block != 0) conditions.Add(Condition.Less(at, side.Size));
        return (indices, conditions);
    }

    /// <summary>Converts a number to the form in which shared memory contains it.</summary>
    private Value Stored(Value value) => shape.Tile.IsTf32 ? new RoundedToTf32(value) : value;

    private bool IsAlong(Flattening along) => along.Innermost >= 0 && access.IsAlong(along.Innermost);

    /// <summary>
    /// Whether four adjacent positions along some axes are adjacent and aligned in memory, and either all of them or none exist. The position is a multiple of four for every
    /// group, thread and slice.
    /// </summary>
    private bool IsInQuads(Flattening along)
    {
        var inner = along.Innermost;
        if (inner < 0 || along.InnermostSize.DividedBy(QuadSize) is null || shape.Roles.IterationDomain.IsInWindow(inner, operand.Map)) return false;
        var isSide = ReferenceEquals(along, side);
        var (slice, term, at) = (new IndexVariable("slice"), new IndexVariable("term"), new IndexVariable("side"));
        var (indices, _) = Find(slice, null, isSide ? term : term * QuadSize, isSide ? at * QuadSize : at);
        return access.QuadAt(indices, inner) is not null;
    }
}
