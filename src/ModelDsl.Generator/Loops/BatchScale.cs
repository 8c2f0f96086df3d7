namespace ModelDsl.Generator.Loops;

/// <summary>
/// The factor that a kernel applies to the batch size in every expression. A kernel over n · 96 rows becomes a kernel over n rows that is launched with n · 96. Kernels that
/// differ only in the number of positions therefore become the same kernel.
/// </summary>
internal static class BatchScale
{
    /// <summary>The greatest common divisor of all factors of the batch size. It is 1 if the kernel also uses the batch size itself or does not use it.</summary>
    public static int Of(Kernel kernel)
    {
        // The launch of the kernel cannot change the batch size that tiles use.
        if (kernel.Tiles.SelectMany(tile => new[] { tile, tile.Template?.Function }.Concat(tile.Template?.Epilogue?.Functions ?? [])).OfType<Function>().Any(function => Factors.In(function.Body) != 0)) return 1;
        Index[] bounds = kernel.Partition switch
        {
            Range range => [range.Count],
            Grid grid => [grid.Rows, grid.Panels],
            _ => [KernelBuilder.BatchSize],
        };
        return Math.Max(1, Factors.In(kernel.Main.Body, bounds));
    }

    /// <summary>The greatest common divisor. Every number divides 0.</summary>
    public static int Common(int a, int b) => b == 0 ? a : Common(b, a % b);

    /// <summary>Returns the kernel for a batch size that is a multiple of the batch size of the step.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="factor">A divisor of the result of <see cref="Of"/>.</param>
    public static Kernel Divided(Kernel kernel, int factor)
    {
        if (factor == 1) return kernel;
        var division = new Division(factor);
        return kernel with
        {
            Main = kernel.Main with { Body = division.Rewrite(kernel.Main.Body) },
            Partition = kernel.Partition switch
            {
                Range range => range with { Count = division.Of(range.Count) },
                Grid grid => grid with { Rows = division.Of(grid.Rows), Panels = division.Of(grid.Panels) },
                _ => kernel.Partition,
            },
            Named = kernel.Named is { } named ? () => Divided(named(), factor) : null,
        };
    }

    /// <summary>Collects the factors of the batch size.</summary>
    private sealed class Factors : LoopWalker
    {
        private int common;

        /// <summary>The greatest common divisor of the factors; 0 if there is none.</summary>
        public static int In(IReadOnlyList<Statement> body, params Index[] indices)
        {
            var factors = new Factors();
            factors.Walk(body);
            foreach (var index in indices) factors.Walk(index);
            return factors.common;
        }

        public override Nothing Visit(IndexVariable index)
        {
            if (ReferenceEquals(index, KernelBuilder.BatchSize)) common = 1;
            return default;
        }

        public override Nothing Visit(IndexBinary index)
        {
            if (index.FactorOf(KernelBuilder.BatchSize) is not { } factor) return base.Visit(index);
            common = Common(common, factor);
            return default;
        }

        // Passing the batch size on to a function does not count as a use.
        public override Nothing Visit(Call statement) =>
            base.Visit(statement with { Integers = [.. statement.Integers.Where(integer => !ReferenceEquals(integer, KernelBuilder.BatchSize))] });
    }

    private sealed class Division(int factor) : LoopRewriter
    {
        public Index Of(Index index) => Rewrite(index);

        public override Index Visit(IndexBinary index) => index.FactorOf(KernelBuilder.BatchSize) is { } own ? KernelBuilder.BatchSize * (own / factor) : base.Visit(index);
    }
}
