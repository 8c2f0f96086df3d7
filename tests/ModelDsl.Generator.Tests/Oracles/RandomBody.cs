using System.Text;

namespace ModelDsl.Generator.Tests.Oracles;

/// <summary>A method of a random model, statement by statement: every step makes a tensor of those there are, mostly of several.</summary>
internal sealed class RandomBody
{
    /// <summary>What a sample of a tensor may have at most.</summary>
    public const int MostElements = 240;

    private static readonly int[] Widths = [1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 16, 17, 19];

    private readonly Random random;
    private readonly RandomOperations operations;
    private readonly RandomCode code;
    private readonly StringBuilder statements = new();
    private readonly List<RandomTensor> terms;
    private readonly HashSet<string> read = [];

    /// <param name="random">Decides everything.</param>
    /// <param name="members">The members of the class it stands in.</param>
    /// <param name="given">Its parameters.</param>
    public RandomBody(Random random, RandomMembers members, IEnumerable<RandomTensor> given)
    {
        this.random = random;
        terms = [.. given];
        operations = new RandomOperations(random, this);
        code = new RandomCode(random, members, this, operations);
    }

    /// <summary>Whether the axes before the last are not known, as in a block.</summary>
    public bool IsFreeOfRank { get; init; }

    /// <summary>Whether there is a parameter <c>bool training</c>, once it is needed; null where there cannot be one.</summary>
    public bool? KnowsTraining { get; set; }

    public string Statements => statements.ToString();

    public IReadOnlyList<RandomTensor> Terms => terms;

    public RandomTensor Last => terms[^1];

    /// <summary>How many variables have been named so far.</summary>
    public int Names { get; private set; }

    /// <summary>What <see cref="Let"/> names next.</summary>
    public string NextName => $"v{Names + 1}";

    public static int Width(Random random) => Widths[random.Next(Widths.Length)];

    /// <summary>A width that keeps a tensor in bounds which has that of <paramref name="a"/> replaced.</summary>
    public static int Fitting(RandomTensor a, int width) => Math.Max(1, Math.Min(width, MostElements * a.Width / a.Length));

    public void Step()
    {
        var (a, kinds) = (Pick(), IsFreeOfRank ? 8 : 19);
        _ = random.Next(kinds) switch
        {
            0 or 1 => operations.Dense(a),
            2 => operations.Pointwise(a),
            3 or 4 => operations.Combine(a),
            5 => operations.Concat(a),
            6 => code.Again(a),
            7 => operations.Norm(a),
            8 => operations.Slice(a),
            9 => operations.Sum(a),
            10 => operations.Reshape(a),
            11 => code.MatMul(a),
            12 => code.Call(a),
            13 => operations.Map(a),
            14 => code.OnlyInTraining(a),
            15 => code.Block(a),
            16 => operations.Attend(a),
            _ => code.Apply(a),
        };
    }

    /// <summary>One more tensor, which reads all that nothing has read so far.</summary>
    public void Gather()
    {
        var last = Last;
        string[] left = [.. terms.Where(term => term != last && !read.Contains(term.Text)).Select(term => term.Text)];
        foreach (var name in left) read.Add(name);
        if (left.Length > 0) Let($"{last.Text} + 0.2 * ({string.Join(" - ", left.Select(name => IsFreeOfRank ? $"{name}.Dense(1)" : $"{name}.Mean()"))})", last.Sizes);
    }

    /// <summary>Mostly one of the last tensors, but sometimes any.</summary>
    public RandomTensor Pick()
    {
        var term = terms[random.Next(3) == 0 ? random.Next(terms.Count) : Math.Max(0, terms.Count - 1 - random.Next(3))];
        Read(term);
        return term;
    }

    /// <summary>Says that something reads a tensor.</summary>
    public void Read(RandomTensor term) => read.Add(term.Text);

    /// <summary>Adds a statement that declares no tensor.</summary>
    public void Write(string statement) => statements.Append(statement).Append('\n');

    public RandomTensor Let(string value, params int[] sizes)
    {
        Write($"var {NextName} = {value};");
        terms.Add(new RandomTensor(NextName, sizes));
        Names++;
        return Last;
    }

    /// <summary>Deconstructs a tuple of tensors.</summary>
    public RandomTensor LetPair(string value, int[] first, int[] second)
    {
        Write($"var (v{Names + 1}, v{Names + 2}) = {value};");
        terms.AddRange([new($"v{Names + 1}", first), new($"v{Names + 2}", second)]);
        Names += 2;
        return Last;
    }

    /// <summary>Applies the shared block, to what has its width after a layer of its own.</summary>
    public RandomTensor Apply(RandomTensor a, SharedBlock field) => code.Apply(a, field);
}
