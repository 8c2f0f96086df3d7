using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace ModelDsl.Distributed;

/// <summary>
/// Exchanges the records and sums of a step with the other ranks: first the records, and then the sums slice by slice, from the end of the gradients to their beginning. If it begins during the last backward pass of
/// the step, it runs on a thread of its own and waits for each slice until the pass has completed it. All ranks exchange the same slices in the same order, whether it begins early or not.
/// </summary>
/// <param name="group">The group, which the calling thread does not use between <see cref="Begin"/> and <see cref="End"/>.</param>
/// <param name="records">The records.</param>
/// <param name="sums">The sums.</param>
internal sealed class GradientExchange(Collective group, StepExchange records, PartSums sums) : IDisposable
{
    private readonly BackgroundPace pace = new();
    private Thread? thread;
    private RankRecord own;
    private long stepBegan;
    private ExceptionDispatchInfo? failure;

    /// <summary>Whether the exchange may begin before the last backward pass has ended.</summary>
    public bool CanBeginEarly => group is { Count: > 1, Overlaps: true };

    /// <summary>Whether the exchange of the step has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Begins the exchange while the last backward pass computes.</summary>
    /// <param name="own">The record of this rank.</param>
    /// <param name="stepBegan">When the step began.</param>
    public void Begin(RankRecord own, long stepBegan)
    {
        (this.own, this.stepBegan) = (own, stepBegan);
        if (thread is null)
        {
            thread = new Thread(RunSteps) { IsBackground = true, Name = "ModelDsl gradient exchange" };
            thread.Start();
        }

        HasBegun = true;
        pace.Begin(sums.Gradients);
    }

    /// <summary>Announces that this rank's sums are final from a position on.</summary>
    /// <param name="from">The position.</param>
    public void Completed(int from)
    {
        if (HasBegun)
            pace.Completed(from);
    }

    /// <summary>Ends the exchange, or runs it if it has not begun. All sums of this rank are final.</summary>
    /// <param name="own">The record of this rank, if the exchange has not begun.</param>
    /// <param name="stepBegan">When the step began.</param>
    public void End(RankRecord own, long stepBegan)
    {
        if (!HasBegun)
        {
            (this.own, this.stepBegan) = (own, stepBegan);
            Run();
            return;
        }

        HasBegun = false;
        pace.WaitForEnd();
        if (failure is { } thrown)
        {
            failure = null;
            thrown.Throw();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        pace.Stop();
        thread?.Join();
    }

    private void RunSteps()
    {
        while (pace.WaitForBegin())
        {
            group.Pace = pace;
            try
            {
                Run();
            }
            catch (OperationCanceledException) when (pace.IsStopped)
            {
                // The step was given up, because of an exception on the calling thread.
            }
#pragma warning disable CA1031 // It is thrown on the calling thread.
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
#pragma warning restore CA1031

            group.Pace = null;
            pace.Ended();
        }
    }

    private void Run()
    {
        records.Run(own);
        var slice = 0;
        for (var to = sums.Gradients; to > 0; to -= group.SliceFloats)
            Sum(Math.Max(0, to - group.SliceFloats), to, slice++);

        // States change last.
        if (sums.Length > sums.Gradients)
            Sum(sums.Gradients, sums.Length, slice);
    }

    private void Sum(int from, int to, int slice)
    {
        pace.WaitForSums(from < sums.Gradients ? from : BackgroundPace.All);

        // The ranks have met when they exchanged records, but the rest of the pass may be slower on another rank: as for the records, this rank waits longer than its own step by the timeout of the group.
        group.Tree.Sum(sums.Total[from..to], group.Timeout + Stopwatch.GetElapsedTime(stepBegan) + group.Tree.LaterFor(slice));
    }
}
