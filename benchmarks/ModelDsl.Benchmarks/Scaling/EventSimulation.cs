namespace ModelDsl.Benchmarks.Scaling;

/// <summary>A simulation of processes that take time, exchange messages and wait for each other. Time passes from event to event.</summary>
internal sealed class EventSimulation
{
    private readonly PriorityQueue<Action, (double Time, long Order)> events = new();
    private readonly Dictionary<string, Action> waiting = [];
    private readonly HashSet<string> arrived = [];
    private long order;

    /// <summary>The time, in seconds.</summary>
    public double Now { get; private set; }

    /// <summary>Starts a process.</summary>
    /// <param name="process">What the process waits for, one after the other.</param>
    public void Start(IEnumerable<Wait> process) => Continue(process.GetEnumerator());

    /// <summary>Lets a message arrive.</summary>
    /// <param name="name">The name of the message.</param>
    /// <param name="delay">When, in seconds from now.</param>
    public void Post(string name, double delay) => At(delay, () =>
    {
        if (waiting.Remove(name, out var resume))
            resume();
        else
            arrived.Add(name);
    });

    /// <summary>Runs until nothing happens any more.</summary>
    /// <returns>The time of the last event.</returns>
    /// <exception cref="InvalidOperationException">A process waits for a message that nobody sends.</exception>
    public double Run()
    {
        while (events.TryDequeue(out var happen, out var moment))
        {
            Now = moment.Time;
            happen();
        }

        return waiting.Count == 0 ? Now : throw new InvalidOperationException($"Nobody sends {waiting.Keys.First()}.");
    }

    private void At(double delay, Action happen) => events.Enqueue(happen, (Now + delay, order++));

    private void Continue(IEnumerator<Wait> process)
    {
        if (!process.MoveNext())
            return;
        switch (process.Current)
        {
            case Wait.Delay(var seconds):
                At(seconds, () => Continue(process));
                break;
            case Wait.Message(var name) when !arrived.Remove(name):
                waiting.Add(name, () => Continue(process));
                break;
            case Wait.Meeting(var name, var seconds) when waiting.Remove(name, out var resume):
                // Both are there: the exchange takes its time, and then both go on.
                At(seconds, resume);
                At(seconds, () => Continue(process));
                break;
            case Wait.Meeting(var name, _):
                waiting.Add(name, () => Continue(process));
                break;
            default:
                At(0, () => Continue(process));
                break;
        }
    }
}

/// <summary>What a process of a simulation waits for.</summary>
internal abstract record Wait
{
    /// <summary>Some time.</summary>
    internal sealed record Delay(double Seconds) : Wait;

    /// <summary>A message.</summary>
    internal sealed record Message(string Name) : Wait;

    /// <summary>Another process that waits for the same, and then some time.</summary>
    internal sealed record Meeting(string Name, double Seconds) : Wait;
}
